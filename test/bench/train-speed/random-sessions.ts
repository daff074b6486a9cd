// Made-up sessions with the lengths and the popularity of a real shop's, for measuring speed only.
import { Random } from "../../../models/graph/random.ts";
import type { SessionSequence } from "../../../models/next-item/data/dataset.ts";

/** Mean number of clicks beyond the first two; real shops have 3 to 4. */
const MEAN_MORE = 3;

export function randomSessions(count: number, items: number): SessionSequence[] {
  const random = new Random(1);
  return Array.from({ length: count }, () => {
    const more = Math.floor(-MEAN_MORE * Math.log(1 - random.uniform()));
    // Squaring favours low indices: the popular tenth gets a third of the clicks.
    const click = () => Math.floor(items * random.uniform() ** 2);
    return { items: Array.from({ length: 2 + more }, click) };
  });
}
