// Movements of goods in D1, and the stock of the catalogue that follows from them. It says in SQL what `foldStock`
// (durable/state/ledger.ts) says of one item; a property test holds the two together. No row names a shopper.
import { sql, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { deltaOf, type Movement } from "../../durable/state/ledger.ts";
import { runBatch } from "../d1/run-batch.ts";
import { items, stockMoves } from "./schema.ts";

/** An order that was called off; of which items it was, its sales say, whenever they are heard of. */
export type CalledOff = { order: string; at: number; trusted: boolean };

/**
 * Keeps movements, each key once, and brings the stock of their items up to date. May be repeated. The larger quantity
 * of one sale counts: an order may be told in parts.
 */
export async function writeMoves(
  database: D1Database,
  moves: readonly Movement[],
  calledOff: readonly CalledOff[] = [],
): Promise<void> {
  if (moves.length + calledOff.length === 0) return;
  const marks = calledOff.map(({ order, at, trusted }) => ({
    key: `off|${order}`,
    item_id: "",
    kind: "order_off",
    quantity: 0,
    delta: 0,
    at,
    trusted: Number(trusted),
    order,
  }));
  const rows = moves.map((move) => ({
    ...move,
    delta: deltaOf(move),
    trusted: Number(move.trusted),
  }));
  const orders = [...rows, ...marks].flatMap(({ order }) => order ?? []);
  const touched = JSON.stringify([...new Set(moves.map(({ item_id }) => item_id))]);
  const inOrders = sql`(select value from json_each(${JSON.stringify([...new Set(orders)])}))`;
  await runBatch(database, [
    insertMoves([...rows, ...marks]),
    sql`insert into ${stockMoves} (key, item_id, kind, quantity, delta, at, trusted, order_key)
      select 'off|' || sale.key, sale.item_id, 'cancelled_sale', sale.quantity, sale.quantity, off.at,
        min(off.trusted, sale.trusted), sale.order_key
      from ${stockMoves} off join ${stockMoves} sale on sale.order_key = off.order_key and sale.kind = 'sale'
      where off.kind = 'order_off' and off.order_key in ${inOrders}
      on conflict (key) do update set quantity = excluded.quantity, delta = excluded.delta,
        trusted = excluded.trusted`,
    refresh(sql`select value from json_each(${touched})
      union select item_id from ${stockMoves} where order_key in ${inOrders}`),
  ]);
}

/** Brings the stock of these items up to date, after a new level. */
export async function refreshStock(
  database: D1Database,
  item_ids: readonly string[],
): Promise<void> {
  if (item_ids.length === 0) return;
  await runBatch(database, [
    refresh(sql`select value from json_each(${JSON.stringify(item_ids)})`),
  ]);
}

type Row = Omit<Movement, "trusted" | "kind"> & { kind: string; delta: number; trusted: number };

function insertMoves(rows: readonly Row[]): SQL {
  const at = (field: keyof Row) => sql.raw(`value ->> '$.${field}'`);
  return sql`insert into ${stockMoves} (key, item_id, kind, quantity, delta, at, trusted, order_key)
    select ${at("key")}, ${at("item_id")}, ${at("kind")}, ${at("quantity")}, ${at("delta")}, ${at("at")},
      ${at("trusted")}, ${at("order")}
    from json_each(${JSON.stringify(rows)}) where true
    on conflict (key) do update set trusted = max(trusted, excluded.trusted), at = min(at, excluded.at),
      quantity = max(quantity, excluded.quantity), delta = iif(delta < 0, min(delta, excluded.delta), max(delta, excluded.delta))`;
}

/** @param item_ids a query of one column */
function refresh(item_ids: SQL): SQL {
  const sum = (trusted: number) =>
    sql.raw(`(select coalesce(sum(m.delta), 0) from stock_moves m
      where m.item_id = items.item_id and m.at > items.stock_at and m.trusted = ${trusted})`);
  const known = sql`(items.stock_told + ${sum(1)})`;
  const next = sql`round(iif(${known} <= 0, ${known}, max(min(${known}, 1), ${known} + ${sum(0)})), 3)`;
  return sql`update ${items} set stock = ${next},
      changed = (select coalesce(max(changed), 0) + 1 from items) + items.rowid
    where items.item_id in (${item_ids}) and items.deleted = 0 and items.stock_told is not null
      and items.stock is not ${next}`;
}

/** Of one item, oldest first. */
export async function readMoves(database: D1Database, item_id: string, limit: number) {
  return await drizzle(database).all<typeof stockMoves.$inferSelect>(sql`
    select * from ${stockMoves} where item_id = ${item_id} order by at desc, key desc limit ${limit}`);
}
