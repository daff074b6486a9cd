// Full ranking and its metrics, against the plain definition of each.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { measureExposure } from "../../../models/evaluate/exposure.ts";
import { judge, LIST_LENGTH } from "../../../models/evaluate/judge.ts";
import type { Example } from "../../../models/evaluate/judge.ts";
import { gainsOf, meanPercent } from "../../../models/evaluate/metrics.ts";
import { listBest, rankOfTarget } from "../../../models/evaluate/ranks.ts";
import type { Scorer } from "../../../models/evaluate/scorer.ts";
import { sliceByLength, sliceByNovelty } from "../../../models/evaluate/slices.ts";

const scores = fc.array(fc.constantFrom(-Infinity, -2, -1, 0, 0.5, 1, 2), { minLength: 1 });

describe("rankOfTarget", () => {
  it("is the rank of the last of the target's equals in the sorted row", () => {
    fc.assert(
      fc.property(scores, fc.nat(), (row, pick) => {
        const target = pick % row.length;
        const sorted = row.toSorted((a, b) => b - a);
        const rank = rankOfTarget(Float32Array.from(row), target);
        expect(rank).toBe(sorted.lastIndexOf(row[target] ?? 0) + 1);
      }),
    );
  });

  it("never profits from a score that is no number", () => {
    expect(rankOfTarget(Float32Array.of(1, Number.NaN, 0), 0)).toBe(2);
    expect(rankOfTarget(Float32Array.of(1, Number.NaN, 0), 1)).toBe(3);
  });
});

it("listBest is the start of the sorted row, without what was not proposed", () => {
  fc.assert(
    fc.property(scores, fc.integer({ min: 1, max: 8 }), (row, length) => {
      const list = new Int32Array(length);
      listBest(Float32Array.from(row), list);
      const expected = row
        .map((score, item) => ({ score, item }))
        .filter(({ score }) => score > -Infinity)
        .sort((a, b) => b.score - a.score || a.item - b.item)
        .map(({ item }) => item)
        .slice(0, length);
      expect([...list].filter((item) => item >= 0)).toEqual(expected);
      expect([...list].indexOf(-1)).toBe(expected.length < length ? expected.length : -1);
    }),
  );
});

it("cuts HR, MRR and NDCG off at k", () => {
  const ranks = Float64Array.of(1, 2, 20, 21, Infinity);
  expect(meanPercent(gainsOf(ranks, "hr", 20))).toBeCloseTo(60, 9);
  expect(meanPercent(gainsOf(ranks, "mrr", 20))).toBeCloseTo(20 * (1 + 1 / 2 + 1 / 20), 9);
  expect(meanPercent(gainsOf(ranks, "ndcg", 10))).toBeCloseTo(20 * (1 + 1 / Math.log2(3)), 9);
});

/** Scores item i as -i: item 0 always first. */
const fixed: Scorer = {
  name: "fixed",
  score: (contexts) =>
    Promise.resolve(contexts.map(() => Float32Array.from({ length: 50 }, (_, item) => -item))),
};

describe("judge", () => {
  it("finds each target's rank over several batches, and misses what cannot be asked", async () => {
    const examples: Example[] = Array.from({ length: 600 }, (_, index) => ({
      context: index === 7 ? [] : [1],
      target: index === 9 ? -1 : index % 50,
      group: index,
    }));
    const done: number[] = [];
    const { ranks, lists } = await judge(fixed, examples, (count) => done.push(count));
    const expected = examples.map(({ target }, index) =>
      index === 7 || index === 9 ? Infinity : target + 1,
    );
    expect([...ranks]).toEqual(expected);
    expect(lists[599 * LIST_LENGTH + 3]).toBe(3);
    expect(lists[7 * LIST_LENGTH]).toBe(-1);
    expect(done.at(-1)).toBe(600);
  });

  it("refuses a scorer that leaves contexts unanswered", async () => {
    const lazy: Scorer = { name: "lazy", score: () => Promise.resolve([]) };
    await expect(judge(lazy, [{ context: [1], target: 0, group: 0 }])).rejects.toThrow("lazy");
  });
});

it("measureExposure knows how much is shown and how popular it is", () => {
  const clicks = Int32Array.of(10, 2, 2, 0);
  const exposure = measureExposure(Int32Array.of(0, 1, 0, -1), [1, 2, -1], clicks);
  expect(exposure.coverage).toBe(50);
  expect(exposure.popularityBias).toBeCloseTo(22 / 3 / 2, 9);
});

it("sliceByLength splits all examples by length and leaves out empty slices", () => {
  const lengths = [1, 1, 2, 4, 30];
  const examples = lengths.map((length, group) => ({
    context: Array<number>(length).fill(0),
    target: 0,
    group,
  }));
  const slices = sliceByLength(examples, Float64Array.of(1, 99, 1, 1, 99), "hr", 20);
  expect(slices).toEqual([
    { label: "1", examples: 2, value: 50 },
    { label: "2", examples: 1, value: 100 },
    { label: "3-4", examples: 1, value: 100 },
    { label: "20-49", examples: 1, value: 0 },
  ]);
});

it("sliceByNovelty tells answers that the session has seen from those that it has not", () => {
  const examples = [1, 2, 3].map((target, group) => ({ context: [1, 2], target, group }));
  expect(sliceByNovelty(examples, Float64Array.of(1, 99, 2), "mrr", 20)).toEqual([
    { label: "new", examples: 1, value: 50 },
    { label: "repeated", examples: 2, value: 50 },
  ]);
});

it("listBest finds the best of a row far longer than the list, where many are alike", () => {
  const tied = fc.record({ kinds: fc.integer({ min: 1, max: 500 }), seed: fc.nat() });
  fc.assert(
    fc.property(tied, fc.integer({ min: 1, max: 40 }), ({ kinds, seed }, length) => {
      const row = Float32Array.from({ length: 2000 }, (_, i) => (i * (seed % 1999) + seed) % kinds);
      const list = new Int32Array(length);
      listBest(row, list);
      const order = [...row.keys()].sort((a, b) => (row[b] ?? 0) - (row[a] ?? 0) || a - b);
      expect([...list]).toEqual(order.slice(0, length));
    }),
  );
});
