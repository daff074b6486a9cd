// What reminders brought: shoppers who were due one against those of the hold-out who would have been, at that moment.
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Difference } from "../recommend/experiment/sequential.ts";
import { events, reminders } from "../log/schema.ts";
import { judgeUplift, type GroupResult } from "./uplift.ts";

/** How long after the reminder a purchase counts, ms: in both groups alike. */
const OUTCOME_PERIOD = 7 * 86_400_000;

export type ReminderResults = {
  reminded: GroupResult & { shown: number; clicked: number; recovered: number };
  held_out: GroupResult;
  /** Of the share who bought; null while there are too few shoppers to say. */
  uplift: Difference | null;
};

/** Each shopper counts once, by the first reminder since `since`, whether or not it could be sent. */
export async function readResults(database: D1Database, since: number): Promise<ReminderResults> {
  const rows = await drizzle(database).all<{
    held_out: number;
    shoppers: number;
    shown: number;
    clicked: number;
    bought: number;
    recovered: number;
  }>(sql`
    with firsts as (
      select shopper, held_out, min(created_at) as at, min(shown_at) as shown_at, min(clicked_at) as clicked_at
      from ${reminders} where created_at >= ${since} group by shopper, held_out),
    outcomes as (
      select *, exists (select 1 from ${events} e where e.shopper = firsts.shopper and e.name = 'purchase'
        and e.timestamp > firsts.at and e.timestamp <= firsts.at + ${OUTCOME_PERIOD}) as bought
      from firsts)
    select held_out, count(*) as shoppers, count(shown_at) as shown, count(clicked_at) as clicked,
      sum(bought) as bought, sum(bought and shown_at is not null) as recovered
    from outcomes group by held_out`);
  const none = { shoppers: 0, shown: 0, clicked: 0, bought: 0, recovered: 0 };
  const told = rows.find(({ held_out }) => held_out === 0) ?? none;
  const held = rows.find(({ held_out }) => held_out === 1) ?? none;
  const { shoppers, shown, clicked, bought, recovered } = told;
  const held_out = { shoppers: held.shoppers, bought: held.bought };
  return {
    reminded: { shoppers, shown, clicked, bought, recovered },
    held_out,
    uplift: judgeUplift({ shoppers, bought }, held_out),
  };
}
