// What came of what was shown: clicks, carts and purchases joined to impressions in D1, when somebody asks. So an event
// or an impression that comes late is counted as soon as it is there, and the window is a parameter of the question.
import { sql, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { selectOrderLines } from "../order-lines.ts";
import { events, impressions, shownLists } from "../schema.ts";

/** Impressions of `from` (inclusive) to `to` (exclusive); what follows within `window` of one counts. All ms. */
export type AttributionQuery = { from: number; to: number; window: number };

export type SurfaceOutcome = {
  surface: string;
  lists: number;
  impressions: number;
  /** Impressions that were clicked, put into a cart, bought. */
  clicks: number;
  carts: number;
  purchases: number;
  /** Minor units, of the lines that were bought. */
  revenue: number;
};

/** Of an order line `o`; the catalogue's price where no event had one. */
export const LINE_VALUE = sql.raw(
  "coalesce(revenue, round((select price from items where items.item_id = o.item_id) * quantity), 0)",
);

/**
 * Rows (recommendation_id, position, surface, shopper, experiment, variant, name, value): each item line of an event
 * (of orders, each line once, with what is left of it) with the impression that it is credited to. One that names its
 * list belongs to it, where the list showed the item. Any other belongs to the last impression of the item that its
 * shopper, under any of the pseudonyms that became this one, saw within the window.
 */
export function creditedLines({ from, to, window }: AttributionQuery): SQL {
  const within = sql`timestamp >= ${from} and timestamp < ${to + window}`;
  // The lists of a shopper are opened once, and of their items only those kept that the shopper touched: both may be
  // many, and each with each would be far too many.
  return sql`
    with lines as materialized (
      select seq as line, shopper, timestamp, name, item_id, recommendation_id, 0 as value
      from ${events} where ${within} and item_id is not null
        and name in ('view_item', 'select_item', 'add_to_cart')
      union all
      select -row_number() over (), shopper, timestamp, 'purchase', item_id, recommendation_id, ${LINE_VALUE}
      from (${selectOrderLines({ shoppers: sql`select shopper from ${events} where name = 'purchase' and ${within}` })}) o
      where ${within} and quantity > 0
    ),
    touched as materialized (select distinct shopper, item_id from lines),
    pseudonyms as materialized (
      select shopper, shopper as known_as from lines group by shopper
      union
      select shopper, linked_from from ${events}
      where name = 'identify' and linked_from is not null and shopper in (select shopper from lines)
    ),
    seen as materialized (
      select t.shopper, t.item_id, s.timestamp, s.recommendation_id, s.first, s.first + i.key as position
      from pseudonyms p
      cross join ${shownLists} s on s.shopper = p.known_as
      cross join json_each(s.items) i
      cross join touched t on t.shopper = p.shopper and t.item_id = i.value
      where s.timestamp >= ${from} and s.timestamp < ${to + window}
    ),
    named as materialized (
      select l.line, s.recommendation_id, s.first, min(s.first + i.key) as position
      from lines l
      cross join ${shownLists} s on s.recommendation_id = l.recommendation_id
      cross join json_each(s.items) i on i.value = l.item_id
      where l.timestamp between s.timestamp and s.timestamp + ${window}
      group by l.line
    ),
    followed as (
      select l.line, i.recommendation_id, i.first, i.position,
        row_number() over (partition by l.line order by i.timestamp desc, i.recommendation_id, i.position) as nth
      from lines l cross join seen i on i.shopper = l.shopper and i.item_id = l.item_id
      where l.timestamp between i.timestamp and i.timestamp + ${window}
        and l.line not in (select line from named)
    ),
    credited as materialized (
      select * from named
      union all
      select line, recommendation_id, first, position from followed where nth = 1
    )
    select s.recommendation_id, c.position, s.surface, s.shopper, s.experiment,
      s.arms -> (s.origins -> (c.position - s.first) ->> 2) ->> 0 as variant, l.name, l.value
    from credited c
    cross join ${shownLists} s on s.recommendation_id = c.recommendation_id and s.first = c.first
    join lines l on l.line = c.line
    where s.timestamp >= ${from} and s.timestamp < ${to}`;
}

/** One row a surface, in order of name. Reads every event and impression of the time: for a report, not for a poll. */
export async function readAttribution(
  database: D1Database,
  query: AttributionQuery,
): Promise<SurfaceOutcome[]> {
  const is = (names: string) => sql.raw(`name in (${names})`);
  const count = (names: string) =>
    sql`count(distinct iif(${is(names)}, recommendation_id || '/' || position, null))`;
  return await drizzle(database).all<SurfaceOutcome>(sql`
    select shown.surface, shown.lists, shown.impressions,
      coalesce(clicks, 0) as clicks, coalesce(carts, 0) as carts,
      coalesce(purchases, 0) as purchases, coalesce(revenue, 0) as revenue
    from (
      select surface, count(distinct recommendation_id) as lists, count(*) as impressions
      from ${impressions} where timestamp >= ${query.from} and timestamp < ${query.to}
      group by surface
    ) shown
    left join (
      select surface, ${count("'view_item', 'select_item'")} as clicks,
        ${count("'add_to_cart'")} as carts, ${count("'purchase'")} as purchases,
        sum(iif(${is("'purchase'")}, value, 0)) as revenue
      from (${creditedLines(query)}) group by surface
    ) outcome on outcome.surface = shown.surface
    order by shown.surface`);
}
