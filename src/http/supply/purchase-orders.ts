// Orders from suppliers: placed, received in parts, called off.
import * as z from "zod";
import {
  cancelOrder,
  placeOrder,
  readOrder,
  receiveOrder,
  type PurchaseOrder,
} from "../../supply/purchase-orders.ts";
import { orNull, Time, toIso } from "../../shop/units.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { fail } from "../middleware/errors.ts";
import { Id } from "../middleware/id.ts";
import { createRouter } from "../middleware/router.ts";
import { PastTime } from "./past-time.ts";

const BODY_LIMIT = 512 * 1024;
const MAX_LINES = 1000;
/** What a warehouse counts, and more than any has. */
const MAX_QUANTITY = 1e9;

const Lines = z
  .array(z.object({ item_id: Id, quantity: z.number().positive().max(MAX_QUANTITY) }))
  .min(1)
  .max(MAX_LINES);

const Order = z
  .object({
    purchase_order_id: Id,
    supplier_id: Id.nullable().default(null),
    placed_at: PastTime.optional().describe("Now by default."),
    expected_at: Time.nullable().default(null),
    lines: Lines,
  })
  .meta({ id: "PurchaseOrder" });

const Receipt = z
  .object({
    receipt_id: Id.describe("Told twice under the same id, it counts once."),
    received_at: PastTime.optional().describe("Now by default."),
    lines: Lines,
  })
  .meta({ id: "Receipt" });

const Answer = z
  .object({ purchase_order_id: z.string(), placed_at: Time, cancelled_at: Time.nullable() })
  .meta({ id: "KnownPurchaseOrder" });

const Path = z.object({ id: Id });
const UNKNOWN = "There is no such purchase order.";

export const purchaseOrders = createRouter();

purchaseOrders.openapi(
  defineRoute("secret", {
    maxBytes: BODY_LIMIT,
    method: "post",
    path: "/supply/orders",
    tags: ["supply"],
    summary: "Tell that an order was placed with a supplier",
    description: "Told again it changes nothing; another order under the same id is refused.",
    request: { body: { required: true, content: { "application/json": { schema: Order } } } },
    answers: {
      200: { description: "On order.", content: { "application/json": { schema: Answer } } },
    },
    fails: ["conflict"],
  }),
  async (c) => {
    const { placed_at, expected_at, ...order } = c.req.valid("json");
    const parse = (iso: string | null) => orNull(iso, (text) => Date.parse(text));
    const times = { placed_at: parse(placed_at ?? null), expected_at: parse(expected_at) };
    const known = await placeOrder(c.env.DB, { ...order, ...times }, Date.now());
    if (known === null) return fail(c, "conflict", "Another order has this id.");
    return c.json(present(known), 200);
  },
);

purchaseOrders.openapi(
  defineRoute("secret", {
    maxBytes: BODY_LIMIT,
    method: "post",
    path: "/supply/orders/{id}/receipts",
    tags: ["supply"],
    summary: "Tell that goods of an order came, in whole or in part",
    request: {
      params: Path,
      body: { required: true, content: { "application/json": { schema: Receipt } } },
    },
    answers: {
      200: { description: "On hand.", content: { "application/json": { schema: Answer } } },
    },
    fails: ["not_found", "conflict"],
  }),
  async (c) => {
    const { id } = c.req.valid("param");
    const { receipt_id, received_at, lines } = c.req.valid("json");
    const order = await readOrder(c.env.DB, id);
    if (order === null) return fail(c, "not_found", UNKNOWN);
    const at = received_at === undefined ? Date.now() : Date.parse(received_at);
    if (!(await receiveOrder(c.env.DB, id, { receipt_id, at, lines })))
      return fail(c, "conflict", "Another receipt of this order has this id.");
    return c.json(present(order), 200);
  },
);

purchaseOrders.openapi(
  defineRoute("secret", {
    method: "post",
    path: "/supply/orders/{id}/cancel",
    tags: ["supply"],
    summary: "Tell that what has not come of an order will not come",
    request: { params: Path },
    answers: {
      200: { description: "Called off.", content: { "application/json": { schema: Answer } } },
    },
    fails: ["not_found"],
  }),
  async (c) => {
    const { id } = c.req.valid("param");
    const order = await readOrder(c.env.DB, id);
    if (order === null) return fail(c, "not_found", UNKNOWN);
    const at = order.cancelled_at ?? Date.now();
    await cancelOrder(c.env.DB, id, at);
    return c.json(present({ ...order, cancelled_at: at }), 200);
  },
);

function present({ purchase_order_id, placed_at, cancelled_at }: PurchaseOrder) {
  return {
    purchase_order_id,
    placed_at: toIso(placed_at),
    cancelled_at: orNull(cancelled_at, toIso),
  };
}
