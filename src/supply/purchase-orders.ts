// Orders from suppliers: what was placed, what came, what will not come. Each is a movement of goods; the order itself is
// a row, so that lead times can be learned. All may be told twice.
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Movement, MovementKind } from "../../durable/state/ledger.ts";
import { writeMoves } from "../catalog/stock-moves.ts";
import { purchaseOrders } from "./schema.ts";

/** Pieces. */
export type Line = { item_id: string; quantity: number };

export type PurchaseOrder = {
  purchase_order_id: string;
  supplier_id: string | null;
  placed_at: number;
  expected_at: number | null;
  lines: readonly Line[];
};

/** False where the order is known already: it is not changed, and nothing is ordered twice. */
export async function placeOrder(database: D1Database, order: PurchaseOrder): Promise<boolean> {
  const { purchase_order_id, supplier_id, placed_at, expected_at } = order;
  const added = await drizzle(database).run(sql`
    insert into ${purchaseOrders} (purchase_order_id, supplier_id, placed_at, expected_at)
    values (${purchase_order_id}, ${supplier_id}, ${placed_at}, ${expected_at}) on conflict do nothing`);
  // Told again, the goods are written again, under the same keys: the first time may have been cut off in between.
  const known = await readOrder(database, purchase_order_id);
  if (known === null) throw new Error("A purchase order is gone that was just written.");
  const isSame = added.meta.changes > 0 || known.placed_at === placed_at;
  if (isSame) {
    await writeMoves(database, toMoves("po_placed", purchase_order_id, "", order.lines, placed_at));
  }
  return added.meta.changes > 0;
}

/** Goods that came, in whole or in part. `receipt_id` tells a receipt told twice from another one. */
export async function receiveOrder(
  database: D1Database,
  purchase_order_id: string,
  receipt: { receipt_id: string; at: number; lines: readonly Line[] },
): Promise<void> {
  const { receipt_id, at, lines } = receipt;
  await writeMoves(database, toMoves("po_received", purchase_order_id, receipt_id, lines, at));
}

/** What has not come of it will not. May be repeated. */
export async function cancelOrder(
  database: D1Database,
  purchase_order_id: string,
  at: number,
): Promise<void> {
  const open = await drizzle(database).all<Line>(sql`
    select item_id, sum(case kind when 'po_placed' then quantity else -quantity end) as quantity
    from stock_moves where order_key = ${orderKey(purchase_order_id)}
      and kind in ('po_placed', 'po_received') group by item_id having quantity > 0`);
  await writeMoves(database, toMoves("po_cancelled", purchase_order_id, "", open, at));
  await drizzle(database).run(sql`
    update ${purchaseOrders} set cancelled_at = coalesce(cancelled_at, ${at})
    where purchase_order_id = ${purchase_order_id}`);
}

export async function readOrder(database: D1Database, purchase_order_id: string) {
  const rows = await drizzle(database).all<typeof purchaseOrders.$inferSelect>(
    sql`select * from ${purchaseOrders} where purchase_order_id = ${purchase_order_id}`,
  );
  return rows[0] ?? null;
}

/** Distinct from the hash of a shopper's order. */
function orderKey(purchase_order_id: string): string {
  return `po:${purchase_order_id}`;
}

function toMoves(
  kind: MovementKind,
  purchase_order_id: string,
  part: string,
  lines: readonly Line[],
  at: number,
): Movement[] {
  const sums = new Map<string, number>();
  for (const { item_id, quantity } of lines) {
    sums.set(item_id, (sums.get(item_id) ?? 0) + quantity);
  }
  return Array.from(sums, ([item_id, quantity]) => ({
    key: JSON.stringify([kind, purchase_order_id, part, item_id]),
    item_id,
    kind,
    quantity,
    at,
    trusted: true,
    order: orderKey(purchase_order_id),
  }));
}
