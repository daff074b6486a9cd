// Removes a shopper from the log, and tells all that it holds about one.
import { and, asc, eq, gt, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { runBatch } from "../d1/run-batch.ts";
import { dropLinesOf } from "./letter-lines.ts";
import {
  erasures,
  events,
  impressions,
  rejectedEvents,
  reminders,
  shadowLists,
  shownLists,
} from "./schema.ts";

/** Rows of one page of an export. */
const PAGE_ROWS = 1000;

/**
 * Deletes every row about these shoppers that came up to `now` (ms), and bars messages about them that are still on their way. May be repeated.
 *
 * @param shoppers pseudonyms
 */
export async function eraseFromLog(
  database: D1Database,
  shoppers: readonly string[],
  now: number,
): Promise<void> {
  const list = sql`(select value from json_each(${JSON.stringify(shoppers)}))`;
  await runBatch(database, [
    sql`insert into ${erasures} (shopper, erased_at)
      select value, ${now} from json_each(${JSON.stringify(shoppers)}) where true
      on conflict (shopper) do update set erased_at = excluded.erased_at`,
    sql`delete from ${events} where shopper in ${list} and received_at <= ${now}`,
    sql`delete from ${shownLists} where shopper in ${list} and timestamp <= ${now}`,
    sql`delete from ${shadowLists} where shopper in ${list} and timestamp <= ${now}`,
    sql`delete from ${rejectedEvents} where shopper in ${list}`,
    sql`delete from ${reminders} where shopper in ${list}`,
    ...dropLinesOf(shoppers),
  ]);
}

export type LoggedRow =
  | ({ kind: "event" } & typeof events.$inferSelect)
  | ({ kind: "impression" } & typeof impressions.$inferSelect)
  | ({ kind: "shadow_list" } & typeof shadowLists.$inferSelect)
  | ({ kind: "rejected_event" } & typeof rejectedEvents.$inferSelect)
  | ({ kind: "reminder" } & typeof reminders.$inferSelect);

/** Every row of the log about these shoppers, page by page, however many there are. */
export async function* exportFromLog(
  database: D1Database,
  shoppers: readonly string[],
): AsyncGenerator<LoggedRow> {
  const db = drizzle(database);
  for (const shopper of shoppers) {
    for (let after = 0; ;) {
      const page = await db
        .select()
        .from(events)
        .where(and(eq(events.shopper, shopper), gt(events.seq, after)))
        .orderBy(asc(events.seq))
        .limit(PAGE_ROWS);
      for (const row of page) yield { kind: "event", ...row };
      after = page.at(-1)?.seq ?? after;
      if (page.length < PAGE_ROWS) break;
    }
    const shown = await db.select().from(impressions).where(eq(impressions.shopper, shopper));
    for (const row of shown) yield { kind: "impression", ...row };
    const shadows = await db.select().from(shadowLists).where(eq(shadowLists.shopper, shopper));
    for (const row of shadows) yield { kind: "shadow_list", ...row };
    const rejected = await db
      .select()
      .from(rejectedEvents)
      .where(eq(rejectedEvents.shopper, shopper));
    for (const row of rejected) yield { kind: "rejected_event", ...row };
    const reminded = await db.select().from(reminders).where(eq(reminders.shopper, shopper));
    for (const row of reminded) yield { kind: "reminder", ...row };
  }
}
