// What shoppers did under an experiment, in D1: sums by variant, as the statistics want them.
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { selectOrderLines } from "../order-lines.ts";
import { creditedLines, LINE_VALUE } from "./attribution.ts";
import type { AttributionQuery } from "./attribution.ts";
import { events, impressions, shownLists } from "../schema.ts";

export type VariantOutcome = {
  variant: string;
  shoppers: number;
  /** Shoppers who clicked what the experiment showed; who then bought anything at all within the window. */
  clicked: number;
  converted: number;
  /** Of what they bought within the window, minor units; the sum over shoppers of it and of its square. */
  revenue: number;
  revenue_squared: number;
};

export type SplitOutcome = {
  variants: VariantOutcome[];
  /** Shoppers who saw more than one variant (an id changed hands): they are left out. */
  crossed: number;
};

/**
 * A shopper takes part from the first list of the experiment on, in the time that the query names; the window begins
 * there. A purchase counts whether or not a list led to it: variants may differ in what they make shoppers do elsewhere.
 */
export async function readSplitOutcome(
  database: D1Database,
  experiment_id: string,
  query: AttributionQuery,
): Promise<SplitOutcome> {
  const { from, to, window } = query;
  const rows = await drizzle(database).all<VariantOutcome & { crossed: number }>(sql`
    with exposed as materialized (
      select shopper, min(variant) as variant, min(timestamp) as since, count(distinct variant) > 1 as crossed
      from ${impressions}
      where experiment = ${experiment_id} and shopper <> '' and timestamp >= ${from} and timestamp < ${to}
      group by shopper
    ),
    clicked as materialized (
      select distinct shopper from (${creditedLines(query)})
      where experiment = ${experiment_id} and name in ('view_item', 'select_item')
    ),
    names as materialized (
      select shopper as known_as, shopper from exposed
      union
      select i.shopper, exposed.shopper from ${events} i join exposed on exposed.shopper = i.linked_from
      where i.name = 'identify' and i.linked_from is not null
    ),
    spent as materialized (
      select x.shopper, sum(${LINE_VALUE}) as revenue
      from (${selectOrderLines({ shoppers: sql`select known_as from names` })}) o
      join names on names.known_as = o.shopper
      join exposed x on x.shopper = names.shopper
      where o.quantity > 0 and o.timestamp >= ${from} and o.timestamp >= x.since
        and o.timestamp < x.since + ${window}
      group by x.shopper
    )
    select x.variant, x.crossed, count(*) as shoppers, count(c.shopper) as clicked,
      count(s.shopper) as converted, coalesce(sum(s.revenue), 0) as revenue,
      coalesce(sum(1.0 * s.revenue * s.revenue), 0) as revenue_squared
    from exposed x
    left join clicked c on c.shopper = x.shopper
    left join spent s on s.shopper = x.shopper
    group by x.variant, x.crossed`);
  const crossed = rows.filter((row) => row.crossed === 1);
  return {
    variants: rows
      .filter((row) => row.crossed === 0)
      .map(({ variant, shoppers, clicked, converted, revenue, revenue_squared }) => ({
        variant,
        shoppers,
        clicked,
        converted,
        revenue,
        revenue_squared,
      })),
    crossed: crossed.reduce((sum, { shoppers }) => sum + shoppers, 0),
  };
}

export type InterleavedOutcome = { shoppers: number; control: number; other: number };

/** By shopper, which of two interleaved rankings got more of what `names` says: clicks, purchases, or their money. */
export async function readInterleavedOutcome(
  database: D1Database,
  experiment_id: string,
  variants: { control: string; other: string },
  metric: "click" | "conversion" | "revenue",
  query: AttributionQuery,
): Promise<InterleavedOutcome> {
  const names = sql.raw(metric === "click" ? "'view_item', 'select_item'" : "'purchase'");
  const worth = sql.raw(metric === "revenue" ? "sum(value)" : "1");
  const [row] = await drizzle(database).all<InterleavedOutcome>(sql`
    with credited as (
      select shopper, variant, ${worth} as worth from (${creditedLines(query)})
      where experiment = ${experiment_id} and shopper <> '' and name in (${names})
      group by shopper, variant, recommendation_id, position
    ),
    lead as (
      select shopper, sum(case variant when ${variants.other} then worth when ${variants.control} then -worth else 0 end) as ahead
      from credited group by shopper
    )
    select
      (select count(distinct shopper) from ${shownLists} where experiment = ${experiment_id} and shopper <> ''
        and timestamp >= ${query.from} and timestamp < ${query.to}) as shoppers,
      coalesce(sum(ahead < 0), 0) as control, coalesce(sum(ahead > 0), 0) as other from lead`);
  if (row === undefined) throw new Error("D1 answered a count with no row.");
  return row;
}
