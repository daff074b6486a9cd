// How a challenger's lists, which nobody saw, compare with those that were shown, in D1.
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { creditedLines } from "./attribution.ts";
import type { AttributionQuery } from "./attribution.ts";
import { events, impressions, shadowLists } from "../schema.ts";

export type ShadowOutcome = {
  /** Lists that were worked out beside the answers, and those among them that could not be. */
  lists: number;
  failed: number;
  /** Items that were shown; of those, how many the challenger has in as long a list. */
  shown: number;
  shared: number;
  /** Lists that were shown and are there, and those with the same first item. */
  compared: number;
  same_first: number;
  /** Shown items that were clicked; where the challenger has them higher, lower (or nowhere); sums of 1/rank, from 1. */
  clicks: number;
  higher: number;
  lower: number;
  champion_reciprocal: number;
  challenger_reciprocal: number;
  /** Lists after which the shopper looked at anything; how often that was on the one list and on the other. */
  next: number;
  champion_hits: number;
  challenger_hits: number;
};

const LOOKS = sql.raw("('view_item', 'select_item')");

/** Reads every event and impression of the time: for a report, not for a poll. */
export async function readShadowOutcome(
  database: D1Database,
  experiment_id: string,
  query: AttributionQuery,
): Promise<ShadowOutcome> {
  const { from, to, window } = query;
  const rankOf = (item: string) =>
    sql`(select key from json_each(l.items) where value = ${sql.raw(item)} limit 1)`;
  const [row] = await drizzle(database).all<ShadowOutcome>(sql`
    with lists as materialized (
      select recommendation_id, shopper, shown, items, failed, timestamp from ${shadowLists}
      where experiment = ${experiment_id} and timestamp >= ${from} and timestamp < ${to}
    ),
    seen as materialized (
      select i.recommendation_id, i.position, l.shown, ${rankOf("i.item_id")} as challenger_rank
      from lists l join ${impressions} i on i.recommendation_id = l.recommendation_id
      where l.failed = 0 and i.position < l.shown
    ),
    clicked as materialized (
      select distinct s.* from (${creditedLines(query)}) c
      join seen s on s.recommendation_id = c.recommendation_id and s.position = c.position
      where c.name in ${LOOKS}
    ),
    looked as materialized (
      select l.recommendation_id, l.shown, l.items, (
        select e.item_id from ${events} e
        where e.shopper = l.shopper and e.name in ${LOOKS} and e.item_id is not null
          and e.timestamp > l.timestamp and e.timestamp <= l.timestamp + ${window}
        order by e.timestamp limit 1) as item_id
      from lists l where l.failed = 0 and l.shopper <> ''
    )
    select
      (select count(*) from lists) as lists,
      (select coalesce(sum(failed), 0) from lists) as failed,
      (select count(*) from seen) as shown,
      (select coalesce(sum(challenger_rank < shown), 0) from seen) as shared,
      (select count(*) from seen where position = 0) as compared,
      (select coalesce(sum(challenger_rank = 0), 0) from seen where position = 0) as same_first,
      (select count(*) from clicked) as clicks,
      (select coalesce(sum(challenger_rank < position), 0) from clicked) as higher,
      (select coalesce(sum(challenger_rank is null or challenger_rank > position), 0) from clicked) as lower,
      (select coalesce(sum(1.0 / (position + 1)), 0) from clicked) as champion_reciprocal,
      (select coalesce(sum(1.0 / (challenger_rank + 1)), 0) from clicked) as challenger_reciprocal,
      (select count(*) from looked where item_id is not null) as next,
      (select count(*) from looked l where item_id is not null and exists (
        select 1 from ${impressions} i where i.recommendation_id = l.recommendation_id
          and i.item_id = l.item_id and i.position < l.shown)) as champion_hits,
      (select coalesce(sum(${rankOf("l.item_id")} < l.shown), 0) from looked l
        where item_id is not null) as challenger_hits`);
  if (row === undefined) throw new Error("D1 answered a count with no row.");
  return row;
}
