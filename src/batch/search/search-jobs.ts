// Hourly: the full-text index follows the catalogue where nobody was there to do it at once, and learns from searches.
import * as z from "zod";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { events } from "../../log/schema.ts";
import { indexItems } from "../../search/index-items.ts";
import { CLICK_WINDOW, dropOldClicks, learnHour } from "../../search/learn-clicks.ts";
import { defineJob, type Slice } from "../run/job.ts";

const HOUR = 3_600_000;
/** Events may come so late and still be learned from, ms. */
const LATENESS = HOUR;

export const indexSearch = defineJob({
  name: "index-search",
  summary: "Puts changed items into the full-text index.",
  state: z.object({}),
  begin: () => Promise.resolve({}),
  step: async (state, { DB }) => {
    const { done, items } = await indexItems(DB);
    return { done, state, counts: { items } };
  },
});

/** `next`: the first hour that was not learned from yet, ms; null before the first. */
const State = z.object({ next: z.number().nullable() });
type State = z.infer<typeof State>;

export const learnSearches = defineJob({
  name: "learn-searches",
  summary: "Learns from the log what shoppers go on to after a search.",
  state: State,
  begin: (last) => Promise.resolve(last ?? { next: null }),
  step: async ({ next }, { DB, clock }): Promise<Slice<State>> => {
    const now = clock();
    const hour = next ?? (await findFirst(DB));
    if (hour === null || hour + HOUR + CLICK_WINDOW + LATENESS > now)
      return { done: true, state: { next: hour }, counts: {}, writes: [dropOldClicks(now)] };
    const { clicks, writes } = await learnHour(DB, hour);
    return { done: false, state: { next: hour + HOUR }, counts: { clicks }, writes };
  },
});

/** The hour of the first search in the log. */
async function findFirst(database: D1Database): Promise<number | null> {
  const row = await drizzle(database).get<{ first: number | null }>(
    sql`select min(timestamp) as first from ${events} where name = 'search'`,
  );
  return row?.first == null ? null : Math.floor(row.first / HOUR) * HOUR;
}
