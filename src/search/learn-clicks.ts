// What shoppers went on to after a search, out of the log: the shop's own synonyms. An hour of searches at a time.
import { sql, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { buildInserts } from "../d1/insert-rows.ts";
import { events } from "../log/schema.ts";
import { searchClicks } from "./schema.ts";
import { bitOf } from "./shopper-bits.ts";
import { foldQuery } from "./words.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Who goes to an item later than this was led there by something else, ms. */
export const CLICK_WINDOW = 600_000;
/** Days that a click counts. */
const KEPT_DAYS = 60;
type Click = { search_term: string; item_id: string; shopper: string };

/** Statements that put the clicks after searches of `from` (inclusive) and an hour on into the table; done twice they change nothing. */
export async function learnHour(
  database: D1Database,
  from: number,
): Promise<{ clicks: number; writes: SQL[] }> {
  const rows = await drizzle(database).all<Click>(sql`
    with searches as (
      select shopper, timestamp, search_term from ${events}
      where name = 'search' and line = 0 and search_term is not null
        and timestamp >= ${from} and timestamp < ${from + HOUR})
    select distinct s.search_term, e.item_id, e.shopper
    from searches s join ${events} e on e.shopper = s.shopper
    where e.timestamp > s.timestamp and e.timestamp <= s.timestamp + ${CLICK_WINDOW}
      and e.name in ('view_item', 'select_item', 'add_to_cart') and e.item_id is not null
      and not exists (select 1 from ${events} n where n.shopper = s.shopper and n.name = 'search'
        and n.timestamp > s.timestamp and n.timestamp < e.timestamp)`);
  const day = Math.floor(from / DAY);
  const clicks = new Map<string, { query: string; item_id: string; shoppers: number }>();
  for (const { search_term, item_id, shopper } of rows) {
    const query = foldQuery(search_term);
    const key = JSON.stringify([query, item_id]);
    const click = clicks.get(key) ?? { query, item_id, shoppers: 0 };
    clicks.set(key, { ...click, shoppers: click.shoppers | bitOf(shopper) });
  }
  const cells = [...clicks.values()].map(({ query, item_id, shoppers }) => [
    query,
    item_id,
    day,
    shoppers,
  ]);
  const onConflict = sql`on conflict do update set shoppers = shoppers | excluded.shoppers`;
  const columns = ["query", "item_id", "day", "shoppers"];
  return {
    clicks: rows.length,
    writes: buildInserts(searchClicks, columns, cells, { onConflict }),
  };
}

/** Forgets what is too old to count. */
export function dropOldClicks(now: number): SQL {
  return sql`delete from ${searchClicks} where day < ${Math.floor(now / DAY) - KEPT_DAYS}`;
}
