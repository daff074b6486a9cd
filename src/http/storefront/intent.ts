// What a shopper is about to do, as the intent model foresees it at the last event: for the shopper's own browser and for
// the shop's back end.
import type { Context } from "hono";
import * as z from "zod";
import type { Snapshot } from "../../../durable/contract.ts";
import { holdIsolate } from "../../isolate/open-isolate.ts";
import { readSettings } from "../../shop/settings.ts";
import { Time, toIso } from "../../shop/units.ts";
import type { AppEnv } from "../middleware/app-env.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { fail } from "../middleware/errors.ts";
import { admitQuestion, refuseForNow } from "../middleware/rate-limit.ts";
import { createRouter } from "../middleware/router.ts";
import {
  findShopper,
  listPseudonyms,
  readSnapshot,
  ShopperHeaders,
  ShopperPath,
  ShopperQuery,
} from "../shop/find-shopper.ts";
import { readEdge } from "./edge.ts";

const Probability = z.number().min(0).max(1);

export const Intent = z
  .object({
    status: z
      .enum(["scored", "no_model", "no_session", "bought"])
      .describe(
        "`no_model`: none serves, so nothing is foreseen. `no_session`: nothing was done yet, or the shopper lets nothing be read of it. `bought`: this session " +
          "has bought; what follows a purchase is not foreseen.",
      ),
    model_version: z.string().nullable(),
    as_of: Time.nullable().describe("The last event, which the answer is read at."),
    buys: Probability.nullable().describe("In this session."),
    cart_left: Probability.nullable().describe(
      "That the cart at hand is still there as the session ends; null for an empty cart.",
    ),
    comes_back: z
      .object({ within_1h: Probability, within_24h: Probability, within_72h: Probability })
      .nullable()
      .describe("After this session's end."),
    reasons: z
      .array(z.object({ feature: z.string(), contribution: z.number() }))
      .describe("By how much `buys` would fall were the feature as it is on average."),
  })
  .meta({ id: "Intent" });

const ANSWER = {
  200: {
    description: "As of the last event.",
    content: { "application/json": { schema: Intent } },
  },
};

export const intent = createRouter();

intent.openapi(
  defineRoute("shopper", {
    method: "get",
    path: "/me/intent",
    tags: ["shoppers"],
    summary: "What one is about to do",
    answers: ANSWER,
    fails: ["unavailable", "rate_limited"],
  }),
  async (c) => {
    if (!(await admitQuestion(c, c.get("shopper")))) return refuseForNow(c);
    const snapshot = await readSnapshot(c.get("shopper"), c.env);
    if (snapshot === null)
      return fail(c, "unavailable", "The shopper could not be read; ask again.");
    return c.json(await readIntent(c, snapshot, readEdge(c, "publishable").device), 200);
  },
);

intent.openapi(
  defineRoute("secret", {
    method: "get",
    path: "/shoppers/{id}/intent",
    tags: ["shoppers"],
    summary: "What a shopper is about to do",
    request: { params: ShopperPath, query: ShopperQuery, headers: ShopperHeaders },
    answers: ANSWER,
    fails: ["not_found"],
  }),
  async (c) => {
    const { id_type } = c.req.valid("query");
    const pseudonyms = await listPseudonyms(c, c.req.valid("param").id, id_type);
    const snapshot = await findShopper(pseudonyms, c.env);
    if (snapshot === null) return fail(c, "not_found", "This shopper was never seen.");
    return c.json(await readIntent(c, snapshot, null), 200);
  },
);

/**
 * @param device of the browser that asks; null where the shop asks
 * @param explain whether reasons are worked out
 */
export async function readIntent(
  c: Context<AppEnv>,
  { state, consent }: Snapshot,
  device: string | null,
  explain = true,
): Promise<z.infer<typeof Intent>> {
  const { personalization } = consent ?? readSettings(c.env).default_consent;
  // What a shop keeps of somebody who has said no is not read.
  if (!personalization) return { ...NOTHING, status: "no_session", as_of: null };
  const { intent: watch } = holdIsolate(c.env);
  await watch.keepUp(Date.now(), (work) => c.executionCtx.waitUntil(work));
  const found = await watch.read(state, device, explain);
  const last = state.profile.open_sessions.at(-1);
  const as_of = last === undefined ? null : toIso(last.last_at);
  if (found.kind !== "scored") return { ...NOTHING, status: found.kind, as_of };
  const { buys, left, return_1h, return_24h, return_72h } = found.answer.probabilities;
  const [away1, away24] = [1 - return_1h, (1 - return_1h) * (1 - return_24h)];
  return {
    status: "scored",
    model_version: found.version,
    as_of,
    buys,
    cart_left: state.cart.lines.length === 0 ? null : left,
    comes_back: {
      within_1h: return_1h,
      within_24h: 1 - away1 * (1 - return_24h),
      within_72h: 1 - away24 * (1 - return_72h),
    },
    reasons: found.answer.reasons,
  };
}

const NOTHING = {
  model_version: null,
  buys: null,
  cart_left: null,
  comes_back: null,
  reasons: [],
};
