// Movements of goods in D1, and the stock of the catalogue that follows from them. It says in SQL what `foldStock`
// (durable/state/ledger.ts) says of one item; a property test holds the two together. No row names a shopper.
import { sql, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Movement } from "../../durable/state/ledger.ts";
import { buildInserts } from "../d1/insert-rows.ts";
import { runBatch } from "../d1/run-batch.ts";
import { items, stockMoves } from "./schema.ts";

/**
 * What moved longer ago, ms, is forgotten once the item was counted since, and not taken any more: a shop's whole past may
 * be imported. Longer than goods are sent back.
 */
export const MOVES_KEPT = 180 * 86_400_000;

/** An order that was called off; of which items it was, its sales say, whenever they are heard of. */
export type CalledOff = { order: string; at: number; trusted: boolean };

const COLUMNS = ["key", "item_id", "kind", "quantity", "at", "trusted", "order_key"] as const;

/** Who has the shop's key is believed alone; of two words of the same weight the larger, earlier one counts. */
const settled = (column: string, both: string) =>
  sql.raw(`${column} = case when excluded.trusted > stock_moves.trusted then excluded.${column}
    when excluded.trusted < stock_moves.trusted then stock_moves.${column}
    else ${both}(stock_moves.${column}, excluded.${column}) end`);
const ON_CONFLICT = sql`on conflict (key) do update set ${settled("quantity", "max")}, ${settled("at", "min")},
  trusted = max(stock_moves.trusted, excluded.trusted)`;

/**
 * Keeps movements, each key once, and brings the stock of their items up to date. May be repeated. An order may be told
 * in parts: the larger quantity of one sale counts.
 */
export async function writeMoves(
  database: D1Database,
  moves: readonly Movement[],
  calledOff: readonly CalledOff[] = [],
): Promise<void> {
  if (moves.length + calledOff.length === 0) return;
  const rows = [
    ...moves,
    ...calledOff.map((off) => {
      const key = `off|${off.order}`;
      return { ...off, key, item_id: "", kind: "order_off", quantity: 0 };
    }),
  ].map(({ order, trusted, ...move }) => {
    const row = { ...move, trusted: Number(trusted), order_key: order };
    return COLUMNS.map((column) => row[column]);
  });
  const orders = [...moves, ...calledOff].flatMap(({ order }) => order ?? []);
  const touched = JSON.stringify([...new Set(moves.map(({ item_id }) => item_id))]);
  const inOrders = sql`(select value from json_each(${JSON.stringify([...new Set(orders)])}))`;
  await runBatch(database, [
    ...buildInserts(stockMoves, COLUMNS, rows, { onConflict: ON_CONFLICT }),
    sql`insert into ${stockMoves} (key, item_id, kind, quantity, at, trusted, order_key)
      select 'off|' || sale.key, sale.item_id, 'cancelled_sale', sale.quantity, off.at,
        min(off.trusted, sale.trusted), sale.order_key
      from ${stockMoves} off join ${stockMoves} sale on sale.order_key = off.order_key and sale.kind = 'sale'
      where off.kind = 'order_off' and off.order_key in ${inOrders}
      on conflict (key) do update set quantity = excluded.quantity, at = excluded.at, trusted = excluded.trusted`,
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

/** @param item_ids a query of one column */
function refresh(item_ids: SQL): SQL {
  const sum = (trusted: number) =>
    sql.raw(`(select coalesce(sum(case m.kind when 'sale' then -m.quantity
        when 'po_placed' then 0 when 'po_cancelled' then 0 else m.quantity end), 0)
      from stock_moves m
      where m.item_id = items.item_id and m.at > items.stock_at and m.trusted = ${trusted})`);
  const known = sql`(items.stock_told + ${sum(1)})`;
  const claimed = sql`min(0, ${sum(0)})`;
  const next = sql`round(iif(${known} <= 0, ${known}, max(min(${known}, 1), ${known} + ${claimed})), 3)`;
  return sql`update ${items} set stock = ${next},
      changed = (select coalesce(max(changed), 0) + 1 from items) + items.rowid
    where items.item_id in (${item_ids}) and items.deleted = 0 and items.stock_told is not null
      and items.stock is not ${next}`;
}

/** Of one item, newest first. */
export async function readMoves(database: D1Database, item_id: string, limit: number) {
  return await drizzle(database).all<typeof stockMoves.$inferSelect>(sql`
    select * from ${stockMoves} where item_id = ${item_id} order by at desc, key desc limit ${limit}`);
}

/** Those whose key is a JSON array that begins with these texts, in the order of their keys. */
export async function readMovesUnder(database: D1Database, texts: readonly string[]) {
  const from = `${JSON.stringify(texts).slice(0, -1)},`;
  // "-" is what comes after ",".
  const to = `${from.slice(0, -1)}-`;
  return await drizzle(database).all<typeof stockMoves.$inferSelect>(
    sql`select * from ${stockMoves} where key >= ${from} and key < ${to} order by key`,
  );
}
