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

export type LogGauges = {
  /** Grows with every row, also where old ones are dropped. */
  last_seq: number;
  last_received_at: number | null;
  rejected_times: number;
  dead_letters: number;
  database_bytes: number;
};

/** Cheap enough for a monitor: the end of the log, and small tables. */
export async function readLogGauges(database: D1Database): Promise<LogGauges> {
  const query = `select
      (select coalesce(max(seq), 0) from events) as last_seq,
      (select received_at from events order by seq desc limit 1) as last_received_at,
      (select coalesce(sum(times), 0) from rejected_events) as rejected_times,
      (select count(*) from dead_letters) as dead_letters`;
  const { results, meta } = await database.prepare(query).all<Omit<LogGauges, "database_bytes">>();
  const [row] = results;
  if (row === undefined) throw new Error("D1 answered a count with no row.");
  return { ...row, database_bytes: meta.size_after };
}
