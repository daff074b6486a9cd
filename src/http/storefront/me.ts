// What a shopper's own browser may read with a shopper token, and where the shop's back end gets one.
import * as z from "zod";
import { readSettings } from "../../shop/settings.ts";
import { Time, toIso } from "../../shop/units.ts";
import { Id } from "../middleware/id.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { fail } from "../middleware/errors.ts";
import { readSnapshot } from "../shop/find-shopper.ts";
import { admitQuestion, refuseForNow } from "../middleware/rate-limit.ts";
import { createRouter } from "../middleware/router.ts";
import { Cart, presentCart } from "../shop/shopper-schema.ts";
import { mintShopperToken } from "../middleware/proof/shopper-token.ts";

/** Lifetimes of a token, s: a page view; at most a long visit, since a token cannot be taken back. */
const DEFAULT_LIFETIME = 900;
const MAX_LIFETIME = 3600;
/** Bytes. */
const BODY_LIMIT = 4096;

const lifetime = z.int().min(1).max(MAX_LIFETIME).default(DEFAULT_LIFETIME).describe("Seconds.");

const TokenRequest = z
  .union([
    z.object({ user_id: Id, expires_in: lifetime }),
    z.object({ anonymous_id: Id, expires_in: lifetime }),
  ])
  .meta({ id: "TokenRequest" });

export const me = createRouter();

me.openapi(
  defineRoute("secret", {
    maxBytes: BODY_LIMIT,
    method: "post",
    path: "/shopper-tokens",
    tags: ["shoppers"],
    summary: "Mint a shopper token",
    description: "For the browser of one shopper, after the shop has logged them in.",
    request: {
      body: { required: true, content: { "application/json": { schema: TokenRequest } } },
    },
    answers: {
      200: {
        description: "The token.",
        content: {
          "application/json": {
            schema: z.object({
              token: z.string(),
              expires_at: Time,
            }),
          },
        },
      },
    },
  }),
  async (c) => {
    const request = c.req.valid("json");
    const { pseudonymise } = readSettings(c.env);
    const shopper =
      "user_id" in request
        ? await pseudonymise("user", request.user_id)
        : await pseudonymise("anonymous", request.anonymous_id);
    const expires_at = Math.floor(Date.now() / 1000) + request.expires_in;
    return c.json(
      {
        token: await mintShopperToken(shopper, expires_at, c.env),
        expires_at: toIso(expires_at * 1000),
      },
      200,
    );
  },
);

me.openapi(
  defineRoute("shopper", {
    method: "get",
    path: "/me/cart",
    tags: ["shoppers"],
    summary: "Read one's own cart",
    answers: {
      200: {
        description: "The cart as the last event left it.",
        content: { "application/json": { schema: Cart } },
      },
    },
    fails: ["unavailable", "rate_limited"],
  }),
  async (c) => {
    if (!(await admitQuestion(c, c.get("shopper")))) return refuseForNow(c);
    const snapshot = await readSnapshot(c.get("shopper"), c.env);
    if (snapshot === null) return fail(c, "unavailable", "The cart could not be read; ask again.");
    return c.json(presentCart(snapshot.state.cart, readSettings(c.env).money), 200);
  },
);
