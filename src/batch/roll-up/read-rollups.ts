// Reads what the roll-up summed. Nobody gets a counter that could point at one person.
import { and, asc, eq, gte } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { dailyCounters, dailySales } from "../run/schema.ts";

/** k of k-anonymity: a count of fewer shoppers says something about each of them. */
export const FEWEST_SHOPPERS = 5;

export type Sales = typeof dailySales.$inferSelect;
export type Counter = typeof dailyCounters.$inferSelect;

/** An item's days with sales from `since` (YYYY-MM-DD) on, in order. */
export async function readSales(
  database: D1Database,
  item_id: string,
  since: string,
): Promise<Sales[]> {
  return await drizzle(database)
    .select()
    .from(dailySales)
    .where(and(eq(dailySales.item_id, item_id), gte(dailySales.dt, since)))
    .orderBy(asc(dailySales.dt));
}

/** Counters of a day by item and event name; those of fewer than `FEWEST_SHOPPERS` shoppers are left out. */
export async function readCounters(database: D1Database, dt: string): Promise<Counter[]> {
  return await drizzle(database)
    .select()
    .from(dailyCounters)
    .where(and(eq(dailyCounters.dt, dt), gte(dailyCounters.shoppers, FEWEST_SHOPPERS)))
    .orderBy(asc(dailyCounters.item_id), asc(dailyCounters.name));
}
