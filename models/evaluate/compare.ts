// Paired comparison: is one model better than another on the same examples, or is it luck?
import { intervalOf, resampleMeans } from "./bootstrap.ts";
import type { BootstrapOptions, Interval } from "./bootstrap.ts";
import { meanPercent } from "./metrics.ts";

export type Comparison = {
  /** Mean of first minus second, in percentage points. */
  difference: number;
  interval: Interval;
  /** Two-sided bootstrap p-value: how often resampling turns the sign. */
  p: number;
};

/** @param first, second what each example contributes to the metric, 0..1; shape [examples] */
export function comparePaired(
  first: Float64Array,
  second: Float64Array,
  groups: readonly number[],
  options: BootstrapOptions,
): Comparison {
  const differences = first.map((gain, example) => gain - (second[example] ?? 0));
  const [means = new Float64Array(0)] = resampleMeans([differences], groups, options);
  const { low, high } = intervalOf(means, options.level);
  const below = means.filter((mean) => mean <= 0).length;
  const above = means.filter((mean) => mean >= 0).length;
  // One is added to each count: a finite number of replicates cannot show a chance of zero.
  const p = Math.min(1, (2 * (Math.min(below, above) + 1)) / (means.length + 1));
  return {
    difference: meanPercent(differences),
    interval: { low: 100 * low, high: 100 * high },
    p,
  };
}
