// Percentile bootstrap of means (Efron & Tibshirani, 1993), drawing whole groups: the examples of one session
// hang together, and drawing them one by one would make the intervals too narrow.
import { Random } from "../graph/random.ts";

export type Interval = { low: number; high: number };

export type BootstrapOptions = {
  seed: number;
  replicates?: number;
  /** Share of the replicates inside the interval, 0..1. */
  level?: number;
};

/** The 2.5% tails then rest on 25 replicates each. */
const REPLICATES = 1000;
const LEVEL = 0.95;

/** Distinguishes this stream of random numbers from others of the same seed. */
const STREAM = 0xb007;

/**
 * The means of each column over `replicates` resamplings of the groups. Equal seeds and groups draw the same
 * groups, whatever the columns.
 *
 * @param columns each of shape [examples]
 * @param groups group of each example; shape [examples]
 * @returns one array of shape [replicates] for each column
 */
export function resampleMeans(
  columns: readonly Float64Array[],
  groups: readonly number[],
  options: BootstrapOptions,
): Float64Array[] {
  const replicates = options.replicates ?? REPLICATES;
  const { counts, sums } = sumByGroup(columns, groups);
  const random = new Random(options.seed, STREAM);
  const means = columns.map(() => new Float64Array(replicates));
  const totals = new Float64Array(columns.length);
  for (let replicate = 0; replicate < replicates; replicate++) {
    totals.fill(0);
    let count = 0;
    for (let draw = 0; draw < counts.length; draw++) {
      const group = random.int(counts.length);
      count += counts[group] ?? 0;
      for (let column = 0; column < totals.length; column++) {
        totals[column] = (totals[column] ?? 0) + (sums[group * totals.length + column] ?? 0);
      }
    }
    for (const [column, values] of means.entries()) {
      values[replicate] = (totals[column] ?? 0) / count;
    }
  }
  return means;
}

/** Sums side by side for each group, so that a draw touches one line of memory; shape [groups, columns]. */
function sumByGroup(
  columns: readonly Float64Array[],
  groups: readonly number[],
): { counts: Float64Array; sums: Float64Array } {
  const indexOf = new Map([...new Set(groups)].map((group, index) => [group, index]));
  const counts = new Float64Array(indexOf.size);
  const sums = new Float64Array(indexOf.size * columns.length);
  for (const [example, group] of groups.entries()) {
    const index = indexOf.get(group) ?? 0;
    counts[index] = (counts[index] ?? 0) + 1;
    for (const [column, values] of columns.entries()) {
      const cell = index * columns.length + column;
      sums[cell] = (sums[cell] ?? 0) + (values[example] ?? 0);
    }
  }
  return { counts, sums };
}

/** The interval that holds the middle `level` of the replicates. */
export function intervalOf(means: Float64Array, level = LEVEL): Interval {
  const sorted = means.toSorted();
  const tail = ((1 - level) / 2) * (sorted.length - 1);
  return { low: quantile(sorted, tail), high: quantile(sorted, sorted.length - 1 - tail) };
}

/** Linear interpolation between the two values around a fractional index. */
function quantile(sorted: Float64Array, index: number): number {
  const below = Math.floor(index);
  const [low, high] = [sorted[below] ?? Number.NaN, sorted[Math.ceil(index)] ?? Number.NaN];
  return low + (high - low) * (index - below);
}
