// Hourly: the full-text index follows the catalogue where nobody was there to do it at once, and learns from searches.
import * as z from "zod";
import { indexItems } from "../../search/index-items.ts";
import { CLICK_WINDOW, dropOldClicks, learnHour } from "../../search/learn-clicks.ts";
import { defineJob, type Slice } from "../run/job.ts";

const HOUR = 3_600_000;
/** Events may come so late and still be learned from, ms. */
const LATENESS = HOUR;
/** What the first run of all looks back at, ms. */
const FIRST_RUN = 7 * 24 * HOUR;

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

/** `next`: the first hour that was not learned from yet, ms. */
const State = z.object({ next: z.number() });

export const learnSearches = defineJob({
  name: "learn-searches",
  summary: "Learns from the log what shoppers go on to after a search.",
  state: State,
  begin: (last, { clock }) =>
    Promise.resolve(last ?? { next: Math.floor((clock() - FIRST_RUN) / HOUR) * HOUR }),
  step: async ({ next }, { DB, clock }): Promise<Slice<z.infer<typeof State>>> => {
    const now = clock();
    if (next + HOUR + CLICK_WINDOW + LATENESS > now)
      return { done: true, state: { next }, counts: {}, writes: [dropOldClicks(now)] };
    const { clicks, writes } = await learnHour(DB, next);
    return { done: false, state: { next: next + HOUR }, counts: { clicks }, writes };
  },
});
