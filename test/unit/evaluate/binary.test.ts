// Binary figures against their definitions on data small enough to count.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  binByForeseen,
  binReliability,
  brierScore,
  calibrationError,
  logLoss,
} from "../../../models/evaluate/binary/calibration.ts";
import {
  areaByGains,
  areaUnder,
  areaUnderRoc,
  precisionRecallPoints,
  rocPoints,
  thinCurve,
} from "../../../models/evaluate/binary/curves.ts";
import { evaluateBinary } from "../../../models/evaluate/binary/evaluate-binary.ts";
import { sortByLabel } from "../../../models/evaluate/binary/sorted-scores.ts";
import { Random } from "../../../models/graph/random.ts";

const scored = fc
  .array(fc.record({ label: fc.constantFrom(0, 1), score: fc.constantFrom(0.1, 0.2, 0.5, 0.9) }), {
    minLength: 2,
    maxLength: 30,
  })
  .filter((rows) => new Set(rows.map((row) => row.label)).size === 2);

function sortRows(rows: readonly { label: number; score: number }[]) {
  return sortByLabel(
    rows.map(({ label }) => label),
    rows.map(({ score }) => score),
  );
}

describe("ROC", () => {
  it("has the area that counting all pairs gives, ties half", () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const positives = rows.filter((row) => row.label === 1);
        const negatives = rows.filter((row) => row.label === 0);
        const wins = positives.flatMap((positive) =>
          negatives.map((negative) => (Math.sign(positive.score - negative.score) + 1) / 2),
        );
        const expected = wins.reduce((sum, win) => sum + win, 0) / wins.length;
        const [labels, scores] = [rows.map((row) => row.label), rows.map((row) => row.score)];
        expect(areaUnderRoc(labels, scores)).toBeCloseTo(expected, 9);
      }),
    );
  });

  it("runs from (0, 0) to (1, 1) and never back", () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const points = [...rocPoints(sortRows(rows))];
        expect(points[0]).toEqual({ x: 0, y: 0 });
        expect(points.at(-1)).toEqual({ x: 1, y: 1 });
        for (const [index, point] of points.entries()) {
          expect(point.x).toBeGreaterThanOrEqual(points[index - 1]?.x ?? 0);
          expect(point.y).toBeGreaterThanOrEqual(points[index - 1]?.y ?? 0);
        }
      }),
    );
  });
});

it("a thinned curve keeps its ends and nearly its area", () => {
  const random = new Random(8);
  const labels = Array.from({ length: 20_000 }, (_, example) => Number(example % 50 === 0));
  const scores = labels.map((label) => random.normal() + label);
  const points = [...rocPoints(sortByLabel(labels, scores))];
  const thinned = thinCurve(points, 1e-3);
  expect(thinned.length).toBeLessThan(2100);
  expect([thinned[0], thinned.at(-1)]).toEqual([points[0], points.at(-1)]);
  expect(areaUnder(thinned)).toBeCloseTo(areaUnder(points), 3);
});

it("a score that is no number is refused instead of being put somewhere", () => {
  expect(() => sortByLabel([1, 0], [0.5, Number.NaN])).toThrow("the score of example 1");
});

describe("average precision", () => {
  const averagePrecision = (labels: number[], scores: number[]): number =>
    areaByGains(precisionRecallPoints(sortByLabel(labels, scores)));

  it("averages the precision at each positive", () => {
    const expected = (1 + 2 / 3) / 2;
    expect(averagePrecision([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.6])).toBeCloseTo(expected, 9);
  });

  it("is the base rate where the scores say nothing", () => {
    expect(averagePrecision([1, 0, 0, 0], [0.5, 0.5, 0.5, 0.5])).toBeCloseTo(0.25, 9);
  });
});

describe("calibration", () => {
  it("gives log loss and Brier score by hand", () => {
    expect(logLoss([1, 0], [0.8, 0.5])).toBeCloseTo(-(Math.log(0.8) + Math.log(0.5)) / 2, 9);
    expect(brierScore([1, 0], [0.8, 0.5])).toBeCloseTo((0.04 + 0.25) / 2, 9);
    expect(Number.isFinite(logLoss([1], [0]))).toBe(true);
  });

  it("is near zero for a forecaster that means what it says, and the shift for one that does not", () => {
    const random = new Random(1);
    const truth = Array.from({ length: 40_000 }, () => 0.2 + 0.6 * random.uniform());
    const labels = truth.map((p) => (random.uniform() < p ? 1 : 0));
    const shifted = truth.map((p) => p + 0.15);
    expect(calibrationError(binReliability(labels, truth))).toBeLessThan(0.015);
    expect(calibrationError(binReliability(labels, shifted))).toBeCloseTo(0.15, 1);
  });

  it("has bins that foresee equally many positives, and together every example once", () => {
    const random = new Random(2);
    const chances = Array.from({ length: 20_000 }, () => random.uniform() ** 8);
    const labels = chances.map((p) => Number(random.uniform() < p));
    const bins = binByForeseen(sortByLabel(labels, chances));
    expect(bins).toHaveLength(10);
    expect(bins.reduce((sum, { examples }) => sum + examples, 0)).toBe(20_000);
    const total = chances.reduce((sum, p) => sum + p, 0);
    for (const { examples, predicted, observed } of bins) {
      expect((examples * predicted) / total).toBeCloseTo(0.1, 2);
      expect(observed).toBeGreaterThan(predicted / 1.5);
      expect(observed).toBeLessThan(predicted * 1.5);
    }
    expect(bins.map(({ predicted }) => predicted)).toEqual(
      bins.map(({ predicted }) => predicted).toSorted((a, b) => a - b),
    );
  });

  it("keeps examples of one probability in one bin", () => {
    const bins = binByForeseen(sortByLabel([1, 0, 0, 1], [0.25, 0.25, 0.25, 0.25]));
    expect(bins).toEqual([{ from: 0.25, to: 0.25, examples: 4, predicted: 0.25, observed: 0.5 }]);
  });

  it("puts 0 and 1 into the outer bins", () => {
    const bins = binReliability([0, 1, 1], [0, 1, 0.95]);
    expect(bins.map((bin) => [bin.from, bin.examples, bin.observed])).toEqual([
      [0, 1, 0],
      [0.9, 2, 1],
    ]);
  });
});

it("evaluateBinary refuses one class alone with a sentence", () => {
  expect(() => evaluateBinary([1, 1], [0.2, 0.3])).toThrow("2 of 2 examples are positive");
  expect(evaluateBinary([1, 0], [0.9, 0.1])).toMatchObject({ auc: 1, baseRate: 0.5, examples: 2 });
});
