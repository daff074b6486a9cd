// The goods of one item, told and moved; corrections and returns.
import * as z from "zod";
import { foldStock, MOVEMENTS, type Movement } from "../../../durable/state/ledger.ts";
import { readItem } from "../../catalog/read-items.ts";
import { readMoves } from "../../catalog/stock-moves.ts";
import { keepOnce } from "../../supply/movements.ts";
import { orNull, Time, toIso } from "../../shop/units.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { fail } from "../middleware/errors.ts";
import { Id } from "../middleware/id.ts";
import { createRouter } from "../middleware/router.ts";
import { PastTime } from "./past-time.ts";

/** Movements that an answer sums; an item that is counted once a week has fewer since. */
const MAX_MOVES = 20_000;
const MAX_QUANTITY = 1e9;

const Move = z.object({
  kind: z.enum(MOVEMENTS),
  quantity: z.number(),
  at: Time,
  trusted: z.boolean().describe("false: only somebody with the publishable key says so."),
  purchase_order_id: z.string().nullable(),
});

const Ledger = z
  .object({
    item_id: z.string(),
    told: z
      .object({ level: z.number(), at: Time })
      .nullable()
      .describe("What the shop last counted; movements before it change nothing."),
    on_hand: z.number().nullable().describe("null: no level was ever told."),
    on_order: z.number(),
    promised: z.number().describe("Sold though it was not there."),
    position: z.number().nullable(),
    movements: z.array(Move).describe("Newest first."),
    more: z.boolean(),
  })
  .meta({ id: "StockLedger" });

const Correction = z
  .object({
    movement_id: Id.describe("Told twice under the same id, it counts once."),
    item_id: Id,
    kind: z.enum(["correction", "return"]),
    quantity: z.number().min(-MAX_QUANTITY).max(MAX_QUANTITY),
    at: PastTime.optional().describe("Now by default."),
  })
  .refine(({ kind, quantity }) => kind === "correction" || quantity > 0, {
    message: "a return has a quantity above 0",
  })
  .meta({ id: "StockMovement" });

export const ledger = createRouter();

ledger.openapi(
  defineRoute("secret", {
    method: "get",
    path: "/supply/items/{id}/ledger",
    tags: ["supply"],
    summary: "What is there of an item, and how it came to that",
    request: {
      params: z.object({ id: Id }),
      query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100) }),
    },
    answers: { 200: { description: "Now.", content: { "application/json": { schema: Ledger } } } },
    fails: ["not_found"],
  }),
  async (c) => {
    const { id: item_id } = c.req.valid("param");
    const { limit } = c.req.valid("query");
    const item = await readItem(c.env.DB, item_id);
    if (item === null) return fail(c, "not_found", "There is no such item.");
    const rows = await readMoves(c.env.DB, item_id, MAX_MOVES);
    const movements = rows.flatMap(toMovement);
    const told = item.stock_told === null ? null : { level: item.stock_told, at: item.stock_at };
    const shown = movements.slice(0, limit).map(({ kind, quantity, at, trusted, order }) => ({
      kind,
      quantity,
      at: toIso(at),
      trusted,
      purchase_order_id: order?.startsWith("po:") === true ? order.slice("po:".length) : null,
    }));
    return c.json(
      {
        item_id,
        told: orNull(told, ({ level, at }) => ({ level, at: toIso(at) })),
        ...foldStock(told, movements),
        movements: shown,
        more: movements.length > limit,
      },
      200,
    );
  },
);

ledger.openapi(
  defineRoute("secret", {
    method: "post",
    path: "/supply/movements",
    tags: ["supply"],
    summary: "Tell of goods that came back, or that a count was wrong",
    request: { body: { required: true, content: { "application/json": { schema: Correction } } } },
    answers: {
      200: {
        description: "Kept.",
        content: { "application/json": { schema: z.object({ movement_id: z.string() }) } },
      },
    },
    fails: ["not_found", "conflict"],
  }),
  async (c) => {
    const { movement_id, item_id, kind, quantity, at } = c.req.valid("json");
    if ((await readItem(c.env.DB, item_id)) === null) {
      return fail(c, "not_found", "There is no such item.");
    }
    const time = at === undefined ? Date.now() : Date.parse(at);
    const telling = { id: ["told", movement_id], kind, at: time, order: null };
    if (!(await keepOnce(c.env.DB, telling, [{ item_id, quantity }])))
      return fail(c, "conflict", "Another movement has this id.");
    return c.json({ movement_id }, 200);
  },
);

function toMovement(row: Awaited<ReturnType<typeof readMoves>>[number]): Movement[] {
  const kind = MOVEMENTS.find((each) => each === row.kind);
  if (kind === undefined) return [];
  const { key, item_id, quantity, at, trusted, order_key: order } = row;
  return [{ key, item_id, kind, quantity, at, trusted: trusted === 1, order }];
}
