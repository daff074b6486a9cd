// What happened in the last hour, for the console's first look; what comes after it is told (see tell-watch.ts).
import { and, count, desc, eq, gte, isNull, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { deadLetters, events, rejectedEvents, reminders } from "../log/schema.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Rows of the log that the latest events are made of. */
const LATEST_ROWS = 120;

export type Now = {
  minutes: { at: number; events: number; orders: number; shoppers: number }[];
  latest: { name: string; shopper: string; item_ids: string[]; timestamp: number }[];
  refused: number;
  dead_letters: number;
  reminders_due: number;
};

/** Reads an hour by index, and the end of the log. */
export async function readNow(database: D1Database, now: number): Promise<Now> {
  const db = drizzle(database);
  const minute = sql<number>`${events.timestamp} / ${MINUTE} * ${MINUTE}`;
  const since = now - HOUR;
  const [minutes, rows, [refused], [letters], [due]] = await db.batch([
    db
      .select({
        at: minute,
        events: count(),
        orders: sql<number>`sum(${events.name} = 'purchase')`,
        shoppers: sql<number>`count(distinct ${events.shopper})`,
      })
      .from(events)
      .where(and(gte(events.timestamp, since), eq(events.line, 0)))
      .groupBy(minute)
      .orderBy(minute),
    db
      .select({
        event_id: events.event_id,
        name: events.name,
        shopper: events.shopper,
        item_id: events.item_id,
        timestamp: events.timestamp,
      })
      .from(events)
      .orderBy(desc(events.seq))
      .limit(LATEST_ROWS),
    db
      .select({ n: sql<number>`coalesce(sum(${rejectedEvents.times}), 0)` })
      .from(rejectedEvents)
      .where(gte(rejectedEvents.last_at, since)),
    db.select({ n: count() }).from(deadLetters),
    db
      .select({ n: count() })
      .from(reminders)
      .where(and(gte(reminders.created_at, now - 24 * HOUR), isNull(reminders.stopped))),
  ]);
  const latest = new Map<string, Now["latest"][number]>();
  for (const { event_id, item_id, ...event } of rows) {
    const key = JSON.stringify([event.shopper, event_id]);
    const known = latest.get(key) ?? { ...event, item_ids: [] };
    latest.set(key, known);
    if (item_id !== null) known.item_ids.unshift(item_id);
  }
  return {
    minutes,
    latest: [...latest.values()],
    refused: refused?.n ?? 0,
    dead_letters: letters?.n ?? 0,
    reminders_due: due?.n ?? 0,
  };
}
