// How much the log holds. Each count reads its whole table or index: for an operator, not for a dashboard's poll.
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { botEvents, deadLetters, events, impressions, rejectedEvents } from "./schema.ts";

export type LogStats = {
  /** Distinct events, and their item lines. */
  events: number;
  event_rows: number;
  shoppers: number;
  impressions: number;
  /** Distinct refused rows, and how often they came. */
  rejected: number;
  rejected_times: number;
  dead_letters: number;
  bot_events: number;
};

export async function readLogStats(database: D1Database): Promise<LogStats> {
  const [stats] = await drizzle(database).all<LogStats>(sql`
    select
      (select count(*) from ${events} where line = 0) as events,
      (select count(*) from ${events}) as event_rows,
      (select count(distinct shopper) from ${events}) as shoppers,
      (select count(*) from ${impressions}) as impressions,
      (select count(*) from ${rejectedEvents}) as rejected,
      (select coalesce(sum(times), 0) from ${rejectedEvents}) as rejected_times,
      (select count(*) from ${deadLetters}) as dead_letters,
      (select count(*) from ${botEvents}) as bot_events`);
  if (stats === undefined) throw new Error("D1 answered a count with no row.");
  return stats;
}
