// What became of one item: its days, and where lists showed it.
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { dailyCounters, dailySales } from "../batch/run/schema.ts";
import { events, impressions } from "../log/schema.ts";

const DAY = 86_400_000;
const DAYS = 28;
/** Days of lists that are looked through: each look reads all of them. */
const SHOWN_DAYS = 7;

export type ItemFigures = {
  /** Oldest first, each of the days. `revenue`: minor units. */
  days: { dt: string; views: number; carts: number; units: number; revenue: number }[];
  shown: { surface: string; impressions: number; clicks: number }[];
};

/** Days are of the hourly roll-up, so the last hour may be missing. */
export async function readItemFigures(
  database: D1Database,
  item_id: string,
  now: number,
): Promise<ItemFigures> {
  const db = drizzle(database);
  const since = now - SHOWN_DAYS * DAY;
  const names = Array.from({ length: DAYS }, (_, i) =>
    new Date(now - (DAYS - 1 - i) * DAY).toISOString().slice(0, 10),
  );
  const [days, shown] = await Promise.all([
    db.all<ItemFigures["days"][number]>(sql`
      select day.value as dt,
        coalesce((select events from ${dailyCounters} c
          where c.dt = day.value and c.item_id = ${item_id} and c.name = 'view_item'), 0) as views,
        coalesce((select events from ${dailyCounters} c
          where c.dt = day.value and c.item_id = ${item_id} and c.name = 'add_to_cart'), 0) as carts,
        coalesce(sales.units, 0) as units, coalesce(sales.revenue, 0) as revenue
      from json_each(${JSON.stringify(names)}) day
      left join ${dailySales} sales on sales.item_id = ${item_id} and sales.dt = day.value
      order by 1`),
    db.all<ItemFigures["shown"][number]>(sql`
      with shown as (select recommendation_id, surface from ${impressions}
          where timestamp >= ${since} and item_id = ${item_id}),
        clicked as (select distinct recommendation_id from ${events}
          where timestamp >= ${since} and item_id = ${item_id} and recommendation_id is not null
            and name in ('view_item', 'select_item'))
      select surface, count(*) as impressions,
        sum(recommendation_id in (select recommendation_id from clicked)) as clicks
      from shown group by surface order by impressions desc`),
  ]);
  return { days, shown };
}
