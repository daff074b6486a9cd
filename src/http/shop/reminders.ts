// The shop's side of reminders: their rules, those that it fetches by itself, and what they brought.
import * as z from "zod";
import { readRules, recordClick, writeRules } from "../../carts/reminder-log.ts";
import { fromRules, RemindersDeclared, toRules } from "../../carts/reminder-rules.ts";
import { pullReminders, markShown } from "../../carts/pull.ts";
import { readResults } from "../../carts/results.ts";
import { NO_REMINDERS } from "../../../durable/state/reminders/rules.ts";
import { readSettings } from "../../shop/settings.ts";
import { Time, toIso } from "../../shop/units.ts";
import { nullable } from "../docs/nullable.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { fail } from "../middleware/errors.ts";
import { Id } from "../middleware/id.ts";
import { createRouter } from "../middleware/router.ts";
import { Reminder } from "./reminder-schema.ts";
import { Currency } from "./shopper-schema.ts";

/** Twenty rules, several times, bytes. */
const BODY_LIMIT = 65_536;

const Rules = z
  .object({
    currency: Currency.describe("Of the amounts in `rules`."),
    reminders: RemindersDeclared,
    changed_at: Time.nullable().describe("null: nothing was ever declared."),
  })
  .meta({ id: "DeclaredReminders" });

const Uplift = z.object({ estimate: z.number(), low: z.number(), high: z.number(), p: z.number() });

const Results = z
  .object({
    since: Time,
    reminded: z.object({
      shoppers: z.int().describe("Who were due a reminder, sent or not."),
      shown: z.int(),
      clicked: z.int(),
      bought: z.int().describe("Within seven days after it was due."),
      recovered: z
        .int()
        .describe(
          "Bought after a reminder, many of whom would have anyway. No gain: see `uplift`.",
        ),
    }),
    held_out: z.object({ shoppers: z.int(), bought: z.int() }),
    uplift: nullable(Uplift).describe(
      "What reminders add to the share of shoppers who buy, with a 95 % interval that may be looked at every day; null " +
        "below 100 shoppers in either group.",
    ),
  })
  .meta({ id: "ReminderResults" });

const ResultsQuery = z.object({ since: Time.optional().describe("Ninety days ago by default.") });
const DEFAULT_PERIOD = 90 * 86_400_000;

const PullQuery = z.object({ limit: z.coerce.number().int().min(1).max(50).default(20) });

export const reminders = createRouter();

reminders.openapi(
  defineRoute("secret", {
    method: "get",
    path: "/reminders/rules",
    tags: ["reminders"],
    summary: "When shoppers are reminded",
    answers: {
      200: { description: "As declared.", content: { "application/json": { schema: Rules } } },
    },
  }),
  async (c) => {
    const { money } = readSettings(c.env);
    const kept = await readRules(c.env.DB);
    return c.json(
      {
        currency: money.currency,
        reminders: fromRules(kept?.rules ?? NO_REMINDERS, money.scale),
        changed_at: kept === null ? null : toIso(kept.changed_at),
      },
      200,
    );
  },
);

reminders.openapi(
  defineRoute("secret", {
    maxBytes: BODY_LIMIT,
    method: "put",
    path: "/reminders/rules",
    tags: ["reminders"],
    summary: "Declare when shoppers are reminded",
    description:
      "Replaces all rules; `{}` takes them back. They are read whenever a cart is looked at, so what is on its way is held to them too.",
    request: {
      body: { required: true, content: { "application/json": { schema: RemindersDeclared } } },
    },
    answers: {
      200: { description: "Declared.", content: { "application/json": { schema: Rules } } },
    },
  }),
  async (c) => {
    const { money } = readSettings(c.env);
    const now = Date.now();
    const rules = toRules(c.req.valid("json"), money.scale);
    await writeRules(c.env.DB, rules, now);
    const declared = { reminders: fromRules(rules, money.scale), changed_at: toIso(now) };
    return c.json({ currency: money.currency, ...declared }, 200);
  },
);

reminders.openapi(
  defineRoute("secret", {
    method: "get",
    path: "/reminders",
    tags: ["reminders"],
    summary: "Fetch reminders to send",
    description:
      "Of rules with the channel `pull`. Each is checked anew, and told until it is confirmed as shown; send it once by its id.",
    request: { query: PullQuery },
    answers: {
      200: {
        description: "The oldest first.",
        content: { "application/json": { schema: z.object({ reminders: z.array(Reminder) }) } },
      },
    },
  }),
  async (c) => {
    const pulled = await pullReminders(c.env, c.req.valid("query").limit, Date.now());
    return c.json({ reminders: pulled }, 200);
  },
);

reminders.openapi(
  defineRoute("secret", {
    method: "get",
    path: "/reminders/results",
    tags: ["reminders"],
    summary: "What reminders brought",
    description: "Held to shoppers who are never reminded.",
    request: { query: ResultsQuery },
    answers: {
      200: { description: "So far.", content: { "application/json": { schema: Results } } },
    },
  }),
  async (c) => {
    const { since } = c.req.valid("query");
    const from = since === undefined ? Date.now() - DEFAULT_PERIOD : Date.parse(since);
    return c.json({ since: toIso(from), ...(await readResults(c.env.DB, from)) }, 200);
  },
);

for (const outcome of ["shown", "clicked"] as const) {
  reminders.openapi(
    defineRoute("secret", {
      method: "post",
      path: `/reminders/{reminder_id}/${outcome}`,
      tags: ["reminders"],
      summary: `Tell that a reminder was ${outcome}`,
      request: { params: z.object({ reminder_id: Id }) },
      answers: {
        200: {
          description: "Noted.",
          content: { "application/json": { schema: z.object({ reminder_id: z.string() }) } },
        },
      },
      fails: ["not_found"],
    }),
    async (c) => {
      const { reminder_id } = c.req.valid("param");
      const now = Date.now();
      const isKnown =
        outcome === "shown"
          ? await markShown(c.env, reminder_id, null, now)
          : await recordClick(c.env.DB, reminder_id, now);
      if (!isKnown) return fail(c, "not_found", "There is no such reminder, or it was not shown.");
      return c.json({ reminder_id }, 200);
    },
  );
}
