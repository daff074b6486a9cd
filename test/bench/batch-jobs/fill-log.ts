// A log of millions of events, made by D1 itself: straight SQL, since only the jobs that read it are measured.
import type { BenchWorker } from "../miniflare-worker.ts";

type Database = BenchWorker["storage"]["database"];

/** Rows that one statement makes. */
const CHUNK = 50_000;
/** One event a second: 2 million are 23 days. */
const STEP_MS = 1000;
const START = Date.UTC(2026, 0, 10);
/** In turn, so that every row of a slice is of another shopper: the worst case for what slices carry over. */
const SHOPPERS = 40_000;
const ITEMS = 13_882;

export async function countRows(database: Database): Promise<number> {
  const sql = "select coalesce(max(seq), 0) as rows from events";
  return (await database.prepare(sql).first<number>("rows")) ?? 0;
}

/** Goes on where an earlier fill ended. @param told of the rows that are there */
export async function fillLog(
  database: Database,
  rows: number,
  told: (rows: number) => void,
): Promise<void> {
  for (let from = await countRows(database); from < rows; from += CHUNK) {
    const to = Math.min(rows, from + CHUNK);
    await database
      .prepare(
        `with recursive n(i) as (select ?1 union all select i + 1 from n where i + 1 < ?2)
        insert into events (shopper, event_id, line, name, timestamp, received_at, item_id, price, quantity, analytics, personalization)
        select 'pseudonym of shopper number ' || (i % ${SHOPPERS}), 'event-of-some-length-' || i, 0,
          iif(i % 20 = 0, 'purchase', 'view_item'), ${START} + i * ${STEP_MS}, ${START} + i * ${STEP_MS},
          'item-' || (i * 7919 % ${ITEMS}), i % 10000, 1, 1, 1 from n`,
      )
      .bind(from, to)
      .run();
    told(to);
  }
}
