// What reminders add to the share of shoppers who buy. Pure.
import { compareMeans, type Difference } from "../recommend/experiment/sequential.ts";

/** Chance that the interval ever misses the truth, and the shoppers at which it is tightest. */
const ALPHA = 0.05;
const PLANNED_SHOPPERS = 2_000;

export type GroupResult = { shoppers: number; bought: number };

/** Share of buyers among the reminded, less that of the hold-out, with an interval that holds at all times at once. */
export function judgeUplift(reminded: GroupResult, heldOut: GroupResult): Difference | null {
  return compareMeans(toSample(heldOut), toSample(reminded), ALPHA, PLANNED_SHOPPERS);
}

function toSample({ shoppers, bought }: GroupResult) {
  return { n: shoppers, sum: bought, squares: bought };
}
