// GET /v1/supply/reorder: the buyer's morning list, as JSON or CSV; and what becomes of a suggestion.
import * as z from "zod";
import { readItem } from "../../catalog/read-items.ts";
import { decideReorder, listReorders } from "../../supply/reorder/list.ts";
import { readSettings } from "../../shop/settings.ts";
import { Time } from "../../shop/units.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { fail } from "../middleware/errors.ts";
import { Id } from "../middleware/id.ts";
import { createRouter } from "../middleware/router.ts";
import { Currency } from "../shop/shopper-schema.ts";
import { presentSuggestion, Suggestion, toCsv } from "./suggestion.ts";

const DAY = 86_400_000;
const MAX_ANSWER = 2000;
/** Until when a decision holds that names no day, days: goods are there by then, or it is worth another look. */
const HOLDS_DAYS = 14;

const List = z
  .object({
    currency: Currency,
    suggestions: z.array(Suggestion).describe("Most urgent first."),
    more: z.boolean().describe("Items that sell least were left out."),
  })
  .meta({ id: "ReorderList" });

const Query = z.object({
  state: z
    .enum(["due", "all", "good", "order_now", "critical", "excess", "dead"])
    .default("due")
    .describe("`due`: `critical` and `order_now`."),
  decision: z.enum(["open", "any"]).default("open").describe("`open`: nobody has decided yet."),
  supplier_id: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(MAX_ANSWER).default(100),
  format: z.enum(["json", "csv"]).default("json"),
});

const Decision = z
  .object({
    state: z.enum(["open", "snoozed", "ordered", "dismissed"]),
    until: Time.optional().describe(`${HOLDS_DAYS} days from now by default.`),
  })
  .meta({ id: "ReorderDecision" });

export const reorder = createRouter();

reorder.openapi(
  defineRoute("secret", {
    method: "get",
    path: "/supply/reorder",
    tags: ["supply"],
    summary: "What to order today, how much and why",
    request: { query: Query },
    answers: {
      200: {
        description: "Of items with a stock level. CSV has one line an item.",
        content: {
          "application/json": { schema: List },
          "text/csv": { schema: z.string() },
        },
      },
    },
  }),
  async (c) => {
    const { state, decision, supplier_id, limit, format } = c.req.valid("query");
    const { money } = readSettings(c.env);
    const now = Date.now();
    const { suggestions, more } = await listReorders(c.env.DB, now);
    const isWanted = (it: (typeof suggestions)[number]) =>
      (state === "all" ||
        (state === "due"
          ? it.state === "critical" || it.state === "order_now"
          : it.state === state)) &&
      (decision === "any" || it.decision === "open") &&
      (supplier_id === undefined || it.supplier_id === supplier_id);
    const wanted = suggestions.filter(isWanted);
    const shown = wanted.slice(0, limit).map((each) => presentSuggestion(each, money.scale, now));
    if (format === "csv") {
      return c.body(toCsv(shown, money.currency), 200, {
        "content-type": "text/csv; charset=utf-8",
      });
    }
    const { currency } = money;
    return c.json({ currency, suggestions: shown, more: more || wanted.length > limit }, 200);
  },
);

reorder.openapi(
  defineRoute("secret", {
    method: "post",
    path: "/supply/reorder/{id}",
    tags: ["supply"],
    summary: "Say what becomes of the suggestion for an item",
    request: {
      params: z.object({ id: Id }),
      body: { required: true, content: { "application/json": { schema: Decision } } },
    },
    answers: {
      200: {
        description: "Kept.",
        content: {
          "application/json": {
            schema: z.object({ item_id: z.string(), state: Decision.shape.state }),
          },
        },
      },
    },
    fails: ["not_found"],
  }),
  async (c) => {
    const { id: item_id } = c.req.valid("param");
    const { state, until } = c.req.valid("json");
    if ((await readItem(c.env.DB, item_id)) === null) {
      return fail(c, "not_found", "There is no such item.");
    }
    const now = Date.now();
    const end = until === undefined ? now + HOLDS_DAYS * DAY : Date.parse(until);
    await decideReorder(c.env.DB, item_id, state, end, now);
    return c.json({ item_id, state }, 200);
  },
);
