// Takes rows out of the log that no job can make sense of, such as a time that no calendar has. They are dead letters from
// then on, with the reason, so that nothing waits for them and nothing is lost.
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { runBatch } from "../d1/run-batch.ts";
import { deadLetters, events } from "./schema.ts";

/** The last ms of the year 9999: later ones have no date of four digits. */
const LAST_TIME = 253_402_300_799_999;

const isNoNumber = (column: string) =>
  `typeof(coalesce(${column}, 0)) not in ('integer', 'real') or abs(coalesce(${column}, 0) + 0.0) > 9e18`;

const REASON = sql.raw(`case
  when typeof(timestamp) <> 'integer' or timestamp not between 0 and ${LAST_TIME} then 'its time is none'
  when ${isNoNumber("price")} then 'its price is none'
  when ${isNoNumber("quantity")} then 'its quantity is none'
  when ${isNoNumber("value")} then 'its value is none'
  when ${isNoNumber("list_index")} then 'its place in the list is none' end`);

/**
 * Of the next `rows` rows after `after`, up to `until`. Idempotent. Gives how many it took out.
 *
 * @param now ms since the epoch
 */
export async function setRowsAside(
  database: D1Database,
  { after, until, rows }: { after: number; until: number; rows: number },
  now: number,
): Promise<number> {
  const bad = sql`select seq, ${REASON} as reason from (
      select * from ${events} where seq > ${after} and seq <= ${until} order by seq limit ${rows})
    where ${REASON} is not null`;
  const found = await drizzle(database).all<{ seq: number; reason: string }>(bad);
  if (found.length === 0) return 0;
  const list = JSON.stringify(found);
  await runBatch(database, [
    sql`insert into ${deadLetters} (message_id, reason, body, stored_at)
      select 'row-' || e.seq, 'a row of the log: ' || (bad.value ->> 'reason'),
        json_object('row', e.seq, 'shopper', e.shopper, 'event_id', e.event_id, 'name', e.name, 'line', e.line,
          'timestamp', e.timestamp, 'item_id', e.item_id, 'price', e.price, 'quantity', e.quantity, 'value', e.value),
        ${now}
      from json_each(${list}) bad join ${events} e on e.seq = bad.value ->> 'seq' where true on conflict do nothing`,
    sql`delete from ${events} where seq in (select value ->> 'seq' from json_each(${list}))`,
  ]);
  return found.length;
}
