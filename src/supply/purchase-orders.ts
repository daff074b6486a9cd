// Orders from suppliers: what was placed, what came, what will not come. Each is a movement of goods; the order itself is
// a row, so that lead times can be learned. All may be told twice.
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { keepOnce, type Line, type Telling } from "./movements.ts";
import { purchaseOrders } from "./schema.ts";

export type PurchaseOrder = typeof purchaseOrders.$inferSelect;

/** `placed_at`: ms; null where nobody said, which is now, or when it was told first. */
export type PlacedOrder = Pick<
  PurchaseOrder,
  "purchase_order_id" | "supplier_id" | "expected_at"
> & { placed_at: number | null; lines: readonly Line[] };

/** Null, and nothing changes, where another order has this id. */
export async function placeOrder(
  database: D1Database,
  { purchase_order_id, supplier_id, expected_at, placed_at, lines }: PlacedOrder,
  now: number,
): Promise<PurchaseOrder | null> {
  await drizzle(database).run(sql`
    insert into ${purchaseOrders} (purchase_order_id, supplier_id, placed_at, expected_at)
    values (${purchase_order_id}, ${supplier_id}, ${placed_at ?? now}, ${expected_at}) on conflict do nothing`);
  const order = await readOrder(database, purchase_order_id);
  if (order === null || order.supplier_id !== supplier_id) return null;
  if (placed_at !== null && order.placed_at !== placed_at) return null;
  // Also where the order is known: the first telling may have been cut off before its goods.
  const telling = tell("po_placed", purchase_order_id, "", order.placed_at);
  return (await keepOnce(database, telling, lines)) ? order : null;
}

/** Goods that came, in whole or in part. False where another receipt of this order has the id. */
export async function receiveOrder(
  database: D1Database,
  purchase_order_id: string,
  { receipt_id, at, lines }: { receipt_id: string; at: number; lines: readonly Line[] },
): Promise<boolean> {
  return await keepOnce(database, tell("po_received", purchase_order_id, receipt_id, at), lines);
}

/** What has not come of it will not. May be repeated; the first time counts. */
export async function cancelOrder(
  database: D1Database,
  purchase_order_id: string,
  at: number,
): Promise<void> {
  const open = await drizzle(database).all<Line>(sql`
    select item_id, sum(case kind when 'po_placed' then quantity else -quantity end) as quantity
    from stock_moves where order_key = ${orderKey(purchase_order_id)}
      and kind in ('po_placed', 'po_received') group by item_id having quantity > 0`);
  await keepOnce(database, tell("po_cancelled", purchase_order_id, "", at), open);
  await drizzle(database).run(sql`
    update ${purchaseOrders} set cancelled_at = coalesce(cancelled_at, ${at})
    where purchase_order_id = ${purchase_order_id}`);
}

export async function readOrder(
  database: D1Database,
  purchase_order_id: string,
): Promise<PurchaseOrder | null> {
  const [order] = await drizzle(database).all<PurchaseOrder>(
    sql`select * from ${purchaseOrders} where purchase_order_id = ${purchase_order_id}`,
  );
  return order ?? null;
}

/** Distinct from the hash of a shopper's order. */
function orderKey(purchase_order_id: string): string {
  return `po:${purchase_order_id}`;
}

function tell(kind: Telling["kind"], purchase_order_id: string, part: string, at: number): Telling {
  return { id: [kind, purchase_order_id, part], kind, at, order: orderKey(purchase_order_id) };
}
