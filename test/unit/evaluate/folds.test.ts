// Cross-validation: nobody is tested by a model that learned from them, and nobody learns from the future.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stratifiedFolds, timeOrderedFolds } from "../../../models/evaluate/folds.ts";

describe("stratifiedFolds", () => {
  const rows = fc.array(fc.record({ label: fc.constantFrom(0, 1), group: fc.nat(40) }), {
    minLength: 60,
    maxLength: 200,
  });

  it("tests every example once and keeps groups together", () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 2, max: 5 }), fc.nat(), (examples, k, seed) => {
        const groups = examples.map((row) => row.group);
        fc.pre(new Set(groups).size >= k);
        const folds = stratifiedFolds(
          examples.map((row) => row.label),
          k,
          seed,
          groups,
        );
        const tested = folds.flatMap((fold) => fold.test).toSorted((a, b) => a - b);
        expect(tested).toEqual(examples.map((_, place) => place));
        for (const { train, test } of folds) {
          expect(train.length + test.length).toBe(examples.length);
          const learned = new Set(train.map((place) => groups[place]));
          expect(test.some((place) => learned.has(groups[place]))).toBe(false);
        }
      }),
    );
  });

  it("gives each fold its share of positives", () => {
    const labels = Array.from({ length: 1000 }, (_, place) => (place % 10 === 0 ? 1 : 0));
    for (const { test } of stratifiedFolds(labels, 5, 1)) {
      expect(test).toHaveLength(200);
      expect(test.filter((place) => labels[place] === 1)).toHaveLength(20);
    }
  });

  it("depends on the seed alone", () => {
    const labels = Array.from({ length: 50 }, (_, place) => place % 2);
    expect(stratifiedFolds(labels, 5, 1)).toEqual(stratifiedFolds(labels, 5, 1));
    expect(stratifiedFolds(labels, 5, 1)).not.toEqual(stratifiedFolds(labels, 5, 2));
  });
});

it("timeOrderedFolds learns only from what is strictly earlier", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(30), { minLength: 1, maxLength: 100 }),
      fc.integer({ min: 1, max: 6 }),
      (times, k) => {
        const folds = timeOrderedFolds(times, k);
        for (const { train, test } of folds) {
          const last = Math.max(...train.map((place) => times[place] ?? 0));
          expect(test.every((place) => (times[place] ?? 0) > last)).toBe(true);
        }
        const tested = folds.flatMap((fold) => fold.test);
        expect(new Set(tested).size).toBe(tested.length);
      },
    ),
  );
});
