// A slice of the log: which rows it has, and what cleaning needs to know about them.
import { and, asc, gt, gte, lte, sql, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { items } from "../../catalog/schema.ts";
import { buildInserts } from "../../d1/insert-rows.ts";
import { events } from "../../log/schema.ts";
import { splitBySize } from "../../../durable/message-size.ts";
import type { CarriedSession, EventRow, ItemFacts } from "../clean/event.ts";
import { exportSessions } from "../run/schema.ts";

/** Rows of a slice; about 25 MB as objects, a third of what an isolate has to spare, and 1 MB as Parquet. */
export const SLICE_ROWS = 30_000;
/** Each day is a file: some seconds of work. A backfill in no order of time takes more slices, and no longer ones. */
const SLICE_DAYS = 25;
/** Rows of one query: about 2 MB of answer. */
const PAGE_ROWS = 5000;
/** Of ids in one parameter, of which D1 takes 2 MB; bytes of JSON. */
const LIST_BYTES = 500_000;
/** No event has more lines. */
const MAX_LINES = 200;
/** Carried sessions older than this are over however late an event comes (event time, ms). */
const SESSION_KEPT = 24 * 3_600_000;

const SESSION_COLUMNS = [
  "shopper",
  "started_at",
  "last_at",
  "events",
  "minute",
  "in_minute",
  "session_id",
] as const;

/** First and last `seq`. */
export type Range = { from: number; to: number };

/** The next slice after `cursor`, cut between events, and its days; null where nothing is left up to `until`. */
export async function planSlice(
  database: D1Database,
  cursor: number,
  until: number,
): Promise<(Range & { days: string[] }) | null> {
  const db = drizzle(database);
  const [cut] = await db.all<{ to_seq: number | null }>(sql`
    select max(seq) as to_seq from (
      select seq from ${events} where seq > ${cursor} and seq <= ${until} order by seq limit ${SLICE_ROWS})`);
  const most = cut?.to_seq ?? null;
  if (most === null) return null;
  const last = (await findDayBeyond(database, { from: cursor + 1, to: most })) ?? most;
  const [end] = await db.all<{ to_seq: number }>(sql`
    select max(e.seq) as to_seq from ${events} e
    join ${events} l on l.seq = ${last} and e.shopper = l.shopper and e.event_id = l.event_id
    where e.seq <= ${last + MAX_LINES}`);
  const range = { from: cursor + 1, to: end?.to_seq ?? last };
  return { ...range, days: await listDays(database, range) };
}

/** Before the first row of one day too many; null where there are no more days than a slice may have. */
async function findDayBeyond(database: D1Database, { from, to }: Range): Promise<number | null> {
  const [beyond] = await drizzle(database).all<{ first: number }>(sql`
    select min(seq) as first from ${events} where seq >= ${from} and seq <= ${to}
    group by strftime('%Y-%m-%d', timestamp / 1000, 'unixepoch')
    order by first limit 1 offset ${SLICE_DAYS}`);
  return beyond === undefined ? null : beyond.first - 1;
}

/** UTC days of the slice's events. */
async function listDays(database: D1Database, { from, to }: Range): Promise<string[]> {
  const days = await drizzle(database).all<{ dt: string }>(sql`
    select distinct strftime('%Y-%m-%d', timestamp / 1000, 'unixepoch') as dt
    from ${events} where seq >= ${from} and seq <= ${to} order by dt`);
  return days.map(({ dt }) => dt);
}

/** The slice's rows in order of `seq`, page by page. */
export async function* readPages(
  database: D1Database,
  { from, to }: Range,
): AsyncGenerator<EventRow[]> {
  for (let after = from - 1; ;) {
    const page = await drizzle(database)
      .select()
      .from(events)
      .where(and(gt(events.seq, after), lte(events.seq, to), gte(events.seq, from)))
      .orderBy(asc(events.seq))
      .limit(PAGE_ROWS);
    if (page.length > 0) yield page;
    if (page.length < PAGE_ROWS) return;
    after = page.at(-1)?.seq ?? to;
  }
}

export async function readSlice(database: D1Database, range: Range): Promise<EventRow[]> {
  const rows: EventRow[] = [];
  for await (const page of readPages(database, range)) rows.push(...page);
  return rows;
}

/** What the catalogue knows of the items in these rows, deleted ones included. */
export async function readFacts(
  database: D1Database,
  rows: readonly EventRow[],
): Promise<Map<string, ItemFacts>> {
  const ids = new Set(rows.flatMap(({ item_id }) => (item_id === null ? [] : [item_id])));
  const facts = new Map<string, ItemFacts>();
  for (const part of splitBySize([...ids], LIST_BYTES)) {
    const found = await drizzle(database).all<ItemFacts & { item_id: string }>(sql`
      select item_id, category, brand, price from ${items}
      where item_id in (select value from json_each(${JSON.stringify(part)}))`);
    for (const { item_id, ...known } of found) facts.set(item_id, known);
  }
  return facts;
}

export async function readCarried(
  database: D1Database,
  rows: readonly EventRow[],
): Promise<Map<string, CarriedSession>> {
  const shoppers = new Set(rows.map(({ shopper }) => shopper));
  const carried = new Map<string, CarriedSession>();
  for (const part of splitBySize([...shoppers], LIST_BYTES)) {
    const found = await drizzle(database)
      .select()
      .from(exportSessions)
      .where(sql`shopper in (select value from json_each(${JSON.stringify(part)}))`);
    for (const session of found) carried.set(session.shopper, session);
  }
  return carried;
}

/** Keeps the sessions for the next slice and drops those that are over. */
export function keepSessions(sessions: readonly CarriedSession[]): SQL[] {
  if (sessions.length === 0) return [];
  const rows = sessions.map((session) => SESSION_COLUMNS.map((column) => session[column]));
  const onConflict = sql`on conflict (shopper) do update set started_at = excluded.started_at,
    last_at = excluded.last_at, events = excluded.events, minute = excluded.minute,
    in_minute = excluded.in_minute, session_id = excluded.session_id`;
  return [
    ...buildInserts(exportSessions, SESSION_COLUMNS, rows, { onConflict }),
    sql`delete from ${exportSessions} where last_at < (select max(last_at) from ${exportSessions}) - ${SESSION_KEPT}`,
  ];
}
