// Intervals: seeded, of the right width, and honest about examples that hang together.
import { describe, expect, it } from "vitest";
import { intervalOf, resampleMeans } from "../../../models/evaluate/bootstrap.ts";
import { comparePaired } from "../../../models/evaluate/compare.ts";
import { Random } from "../../../models/graph/random.ts";

const EXAMPLES = 2000;
const alone = Array.from({ length: EXAMPLES }, (_, example) => example);
/** Coins that show 1 with chance 0.3. */
const coins = (seed: number): Float64Array => {
  const random = new Random(seed);
  return Float64Array.from(alone, () => (random.uniform() < 0.3 ? 1 : 0));
};

function width(columns: Float64Array, groups: readonly number[]): number {
  const [means = new Float64Array(0)] = resampleMeans([columns], groups, { seed: 1 });
  const { low, high } = intervalOf(means);
  return high - low;
}

describe("bootstrap", () => {
  it("is as wide as the normal approximation says for independent coins", () => {
    const expected = 2 * 1.96 * Math.sqrt((0.3 * 0.7) / EXAMPLES);
    expect(width(coins(1), alone) / expected).toBeGreaterThan(0.9);
    expect(width(coins(1), alone) / expected).toBeLessThan(1.1);
  });

  it("is wider by the root of the group's size where a group's examples are copies", () => {
    const copied = Float64Array.from(alone, (example) => coins(2)[Math.floor(example / 4)] ?? 0);
    const groups = alone.map((example) => Math.floor(example / 4));
    const ratio = width(copied, groups) / width(copied, alone);
    expect(ratio).toBeGreaterThan(1.7);
    expect(ratio).toBeLessThan(2.3);
  });

  it("covers the truth in about 95 of 100 samples", () => {
    const covered = Array.from({ length: 100 }, (_, seed) => {
      const [means = new Float64Array(0)] = resampleMeans([coins(seed + 10)], alone, {
        seed,
        replicates: 200,
      });
      const { low, high } = intervalOf(means);
      return low <= 0.3 && 0.3 <= high;
    }).filter(Boolean).length;
    expect(covered).toBeGreaterThanOrEqual(88);
  });

  it("draws the same for the same seed, and the same groups for every column", () => {
    const [first, twice] = resampleMeans([coins(1), coins(1)], alone, { seed: 5 });
    expect(first).toEqual(twice);
    expect(resampleMeans([coins(1)], alone, { seed: 5 })[0]).toEqual(first);
    expect(resampleMeans([coins(1)], alone, { seed: 6 })[0]).not.toEqual(first);
  });
});

describe("comparePaired", () => {
  it("sees a small difference that holds example by example", () => {
    const base = coins(3);
    const better = base.map((gain, example) => (example % 50 === 0 ? 1 : gain));
    const { difference, interval, p } = comparePaired(better, base, alone, { seed: 1 });
    expect(difference).toBeGreaterThan(0.5);
    expect(interval.low).toBeGreaterThan(0);
    expect(p).toBeLessThan(0.01);
  });

  it("finds nothing between two that differ by luck, or not at all", () => {
    expect(comparePaired(coins(4), coins(5), alone, { seed: 1 }).p).toBeGreaterThan(0.05);
    expect(comparePaired(coins(4), coins(4), alone, { seed: 1 })).toMatchObject({
      difference: 0,
      p: 1,
    });
  });
});
