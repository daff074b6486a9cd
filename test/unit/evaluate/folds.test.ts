// Cross-validation: nobody is tested by a model that learned from them, and nobody learns from the future.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crossValidate } from "../../../models/evaluate/binary/cross-validate.ts";
import { Random } from "../../../models/graph/random.ts";
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
        expect(tested).toEqual(examples.map((_, index) => index));
        for (const { train, test } of folds) {
          expect(train.length + test.length).toBe(examples.length);
          const learned = new Set(train.map((index) => groups[index]));
          expect(test.some((index) => learned.has(groups[index]))).toBe(false);
        }
      }),
    );
  });

  it("gives each fold its share of positives", () => {
    const labels = Array.from({ length: 1000 }, (_, index) => (index % 10 === 0 ? 1 : 0));
    for (const { test } of stratifiedFolds(labels, 5, 1)) {
      expect(test).toHaveLength(200);
      expect(test.filter((index) => labels[index] === 1)).toHaveLength(20);
    }
  });

  it("depends on the seed alone", () => {
    const labels = Array.from({ length: 50 }, (_, index) => index % 2);
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
          const last = Math.max(...train.map((index) => times[index] ?? 0));
          expect(test.every((index) => (times[index] ?? 0) > last)).toBe(true);
        }
        const tested = folds.flatMap((fold) => fold.test);
        expect(new Set(tested).size).toBe(tested.length);
      },
    ),
  );
});

describe("crossValidate", () => {
  const random = new Random(3);
  const chances = Array.from({ length: 4000 }, () => random.uniform());
  const labels = chances.map((chance) => (random.uniform() < chance ? 1 : 0));

  it("asks each fold's model about the examples that it did not see, and pools the answers", async () => {
    const result = await crossValidate(labels, stratifiedFolds(labels, 4, 1), (train) => {
      const seen = new Set(train);
      return Promise.resolve((examples) => {
        expect(examples.some((example) => seen.has(example))).toBe(false);
        return Promise.resolve(examples.map((example) => chances[example] ?? 0));
      });
    });
    expect(result.folds).toHaveLength(4);
    expect(result.pooled.examples).toBe(4000);
    // A positive's chance has density 2x, a negative's 2(1 - x): AUC = 5/6; the mean log loss is 1/2.
    expect(result.auc.mean).toBeCloseTo(5 / 6, 1);
    expect(result.logLoss.mean).toBeCloseTo(0.5, 1);
    expect(result.auc.deviation).toBeLessThan(0.03);
  });

  it("finds nothing where a model learned its answers by heart", async () => {
    const coins = labels.map(() => (random.uniform() < 0.5 ? 1 : 0));
    const result = await crossValidate(coins, stratifiedFolds(coins, 4, 1), (train) => {
      const heart = new Map(train.map((example) => [example, coins[example] ?? 0]));
      const guess = (example: number): number => heart.get(example) ?? (example % 100) / 100;
      return Promise.resolve((examples) => Promise.resolve(examples.map(guess)));
    });
    expect(result.pooled.auc).toBeGreaterThan(0.46);
    expect(result.pooled.auc).toBeLessThan(0.54);
  });
});
