// Hourly: sales and counters of each item by day. It follows `seq` as the export does, and a slice's sums are kept
// together with the checkpoint, so each row of the log counts once, whenever it arrives and whatever is cut off.
// Sales are what the slice changes of the orders that it speaks of: told again, one changes nothing; refunded, less.
import { sql, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import * as z from "zod";
import { readLastSeq } from "../../log/log-tail.ts";
import { IS_ORDER_EVENT, selectOrderLines } from "../../log/order-lines.ts";
import { events } from "../../log/schema.ts";
import { setRowsAside } from "../../log/set-aside.ts";
import { defineJob, type Slice } from "../run/job.ts";
import { dailyCounters, dailySales } from "../run/schema.ts";

/** Rows of one slice: D1 sums them in well under its 30 s. */
const SLICE_ROWS = 20_000;

const DAY = sql.raw("strftime('%Y-%m-%d', timestamp / 1000, 'unixepoch')");

const State = z.object({ cursor: z.number(), until: z.number() });

type State = z.infer<typeof State>;

export const rollUp = defineJob<State>({
  name: "roll-up",
  summary: "Adds new events to the daily sales and counters of each item.",
  state: State,
  begin: async (last, { DB }) => ({ cursor: last?.cursor ?? 0, until: await readLastSeq(DB) }),
  step: async ({ cursor, until }, { DB, clock }): Promise<Slice<State>> => {
    const set_aside = await setRowsAside(DB, { after: cursor, until, rows: SLICE_ROWS }, clock());
    const [slice] = await drizzle(DB).all<{ to_seq: number | null; rows: number }>(sql`
      select max(seq) as to_seq, count(*) as rows from (
        select seq from ${events} where seq > ${cursor} and seq <= ${until} order by seq limit ${SLICE_ROWS})`);
    const to = slice?.to_seq ?? null;
    if (to === null) {
      return { done: true, state: { cursor: Math.max(cursor, until), until }, counts: {} };
    }
    const range = sql`seq > ${cursor} and seq <= ${to} and item_id is not null`;
    return {
      done: false,
      state: { cursor: to, until },
      counts: { rows: slice?.rows ?? 0, ...(set_aside === 0 ? {} : { set_aside }) },
      writes: [addSales(cursor, to), addCounters(range)],
    };
  },
});

/** @param from rows after it, up to `to` */
function addSales(from: number, to: number): SQL {
  // A link brings the orders of two shoppers together, and so may take away what both have told.
  const slice = sql`${events} not indexed where seq > ${from} and seq <= ${to}`;
  const shoppers = sql`select shopper from ${slice} and (${IS_ORDER_EVENT} or linked_from is not null)
    union select linked_from from ${slice} and linked_from is not null`;
  const before = selectOrderLines({ shoppers, upTo: sql`${from}` });
  const after = selectOrderLines({ shoppers, upTo: sql`${to}` });
  return sql`insert into ${dailySales} (dt, item_id, units, revenue, lines)
    select ${DAY} as dt, item_id, round(sum(sign * quantity), 3) as units,
      sum(sign * coalesce(revenue, 0)) as money, sum(sign * (quantity > 0)) as lines
    from (select 1 as sign, * from (${after}) union all select -1, * from (${before}))
    group by 1, 2 having units <> 0 or money <> 0 or lines <> 0
    on conflict (item_id, dt) do update set units = round(units + excluded.units, 3),
      revenue = revenue + excluded.revenue, lines = lines + excluded.lines`;
}

/** Shoppers of two slices may be the same ones, so their number grows by the larger count only, never by the sum. */
function addCounters(range: SQL): SQL {
  return sql`insert into ${dailyCounters} (dt, item_id, name, events, shoppers)
    select ${DAY}, item_id, name, count(*), count(distinct shopper)
    from ${events} where ${range} and name <> 'stock_update' group by 1, 2, 3
    on conflict (dt, item_id, name) do update set events = events + excluded.events,
      shoppers = max(shoppers, excluded.shoppers)`;
}
