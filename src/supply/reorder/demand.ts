// What an item sells in a day, from its own past: by the last four weeks, held against the rate of the last half year;
// a day of an outsized order counts as a large day only, or one wholesaler would fill the shelf for months.
import { tsbRate } from "../../../models/demand/baselines/tsb.ts";
import type { Demand } from "./policy.ts";

/** Days that spread and cap are read from, and those that the level follows. */
const PAST = 180;
const RECENT = 28;
/** Of the days with a sale, those above this share are cut to it. */
const CAP = 0.95;
/** Weight of the half year's rate beside the last weeks, so that four quiet weeks are no end. */
const LONG_RATE = 0.1;

/** @param known pieces of each day, oldest first, up to yesterday */
export function estimateDemand(known: Float32Array): Demand {
  const days = cutOutliers(known.subarray(-PAST));
  if (days.every((units) => units === 0)) return { mean: 0, variance: 0 };
  const mean = (average(days.subarray(-RECENT)) + LONG_RATE * tsbRate(days)) / (1 + LONG_RATE);
  const centre = average(days);
  const variance = average(days.map((units) => (units - centre) ** 2));
  return { mean, variance: Math.max(mean, variance) };
}

function cutOutliers(days: Float32Array): Float32Array {
  const sold = days.filter((units) => units > 0).toSorted();
  const cap = sold[Math.floor(sold.length * CAP)] ?? 0;
  return days.map((units) => Math.min(units, cap));
}

/** Of a day; 0 of none. */
export function average(days: Float32Array): number {
  return days.reduce((sum, units) => sum + units, 0) / Math.max(1, days.length);
}
