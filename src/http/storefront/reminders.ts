// What a shopper's browser does with reminders: shows those of this moment, and opens a cart by the link in one.
import * as z from "zod";
import { markShown, readOnSite } from "../../carts/pull.ts";
import { readRestoreToken } from "../../carts/restore-token.ts";
import { openShopper } from "../../../durable/stubs.ts";
import { readSettings } from "../../shop/settings.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { fail } from "../middleware/errors.ts";
import { Id } from "../middleware/id.ts";
import { admitQuestion, refuseForNow } from "../middleware/rate-limit.ts";
import { createRouter } from "../middleware/router.ts";
import { Reminder } from "../shop/reminder-schema.ts";
import { Cart, presentCart } from "../shop/shopper-schema.ts";

/** Characters of a link's token: a pseudonym, a time, a signature. */
const MAX_TOKEN = 400;

export const myReminders = createRouter();

myReminders.openapi(
  defineRoute("shopper", {
    method: "get",
    path: "/me/reminders",
    tags: ["reminders"],
    summary: "What to show this shopper now",
    description: "Of rules with the channel `on_site`; told until it is confirmed as shown.",
    answers: {
      200: {
        description: "Often none.",
        content: { "application/json": { schema: z.object({ reminders: z.array(Reminder) }) } },
      },
    },
    fails: ["rate_limited"],
  }),
  async (c) => {
    const shopper = c.get("shopper");
    if (!(await admitQuestion(c, shopper))) return refuseForNow(c);
    return c.json({ reminders: await readOnSite(c.env, shopper, Date.now()) }, 200);
  },
);

myReminders.openapi(
  defineRoute("shopper", {
    method: "post",
    path: "/me/reminders/{reminder_id}/shown",
    tags: ["reminders"],
    summary: "Tell that a reminder was shown to this shopper",
    request: { params: z.object({ reminder_id: Id }) },
    answers: {
      200: {
        description: "Noted.",
        content: { "application/json": { schema: z.object({ reminder_id: z.string() }) } },
      },
    },
    fails: ["not_found", "rate_limited"],
  }),
  async (c) => {
    const shopper = c.get("shopper");
    if (!(await admitQuestion(c, shopper))) return refuseForNow(c);
    const { reminder_id } = c.req.valid("param");
    const isTheirs = await markShown(c.env, reminder_id, shopper, Date.now());
    if (!isTheirs) return fail(c, "not_found", "This shopper has no such reminder.");
    return c.json({ reminder_id }, 200);
  },
);

myReminders.openapi(
  defineRoute("none", {
    method: "get",
    path: "/carts/restore",
    tags: ["reminders"],
    summary: "Read a cart by the link in a reminder",
    description:
      "The link is signed, opens one cart for two weeks, and changes nothing. A visitor who has become a user since is asked to log in.",
    request: { query: z.object({ token: z.string().max(MAX_TOKEN) }) },
    answers: {
      200: { description: "The cart now.", content: { "application/json": { schema: Cart } } },
    },
    fails: ["invalid_token", "rate_limited"],
  }),
  async (c) => {
    const token = await readRestoreToken(c.req.valid("query").token, Date.now(), c.env);
    if (!token.ok) return fail(c, "invalid_token", token.reason);
    if (!(await admitQuestion(c, token.value))) return refuseForNow(c);
    const snapshot = await openShopper(c.env.SHOPPER, token.value).snapshot();
    // Whoever has the link of a visitor may be somebody else than the user.
    if (snapshot.kind === "linked") {
      return fail(c, "invalid_token", "This cart is a user's by now, who logs in to see it.");
    }
    return c.json(presentCart(snapshot.state.cart, readSettings(c.env).money), 200);
  },
);
