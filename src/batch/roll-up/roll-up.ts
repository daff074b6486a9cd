// Hourly: sales and counters of each item by day. It follows `seq` as the export does, and a slice's sums are kept
// together with the checkpoint, so each row of the log counts once, whenever it arrives and whatever is cut off.
import { sql, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import * as z from "zod";
import { readLastSeq } from "../../log/log-tail.ts";
import { events } from "../../log/schema.ts";
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
  step: async ({ cursor, until }, { DB }): Promise<Slice<State>> => {
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
      counts: { rows: slice?.rows ?? 0 },
      writes: [addSales(range), addCounters(range)],
    };
  },
});

function addSales(range: SQL): SQL {
  return sql`insert into ${dailySales} (dt, item_id, units, revenue, lines)
    select ${DAY}, item_id,
      sum(coalesce(quantity, 1) * iif(name = 'refund', -1, 1)),
      sum(coalesce(price, 0) * coalesce(quantity, 1) * iif(name = 'refund', -1, 1)),
      sum(name = 'purchase')
    from ${events} where ${range} and name in ('purchase', 'refund') group by 1, 2
    on conflict (item_id, dt) do update set units = units + excluded.units,
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
