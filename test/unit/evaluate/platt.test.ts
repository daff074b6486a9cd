// Platt scaling against the curve that made the labels.
import { expect, it } from "vitest";
import { logLoss } from "../../../models/evaluate/binary/calibration.ts";
import { fitPlatt, scaleByPlatt } from "../../../models/evaluate/binary/platt.ts";
import { Random } from "../../../models/graph/random.ts";

function draw(count: number, truth: { slope: number; offset: number }) {
  const random = new Random(6);
  const scores = Array.from({ length: count }, () => -4 + 3 * random.normal());
  const labels = scores.map((score) => Number(random.uniform() < scaleByPlatt(truth, score)));
  return { scores, labels };
}

it("finds the curve that the labels were drawn from, also of rare events", () => {
  const truth = { slope: 0.8, offset: -3 };
  const { scores, labels } = draw(100_000, truth);
  const fitted = fitPlatt(labels, scores);
  expect(fitted.slope).toBeCloseTo(truth.slope, 1);
  expect(fitted.offset).toBeCloseTo(truth.offset, 0);
});

it("is the most likely curve: no neighbour has a lower log loss", () => {
  const { scores, labels } = draw(3000, { slope: 0.5, offset: 1 });
  const { slope, offset } = fitPlatt(labels, scores);
  const lossAt = (a: number, b: number): number =>
    logLoss(
      labels,
      scores.map((score) => scaleByPlatt({ slope: a, offset: b }, score)),
    );
  const best = lossAt(slope, offset);
  for (const [a, b] of [
    [0.01, 0],
    [-0.01, 0],
    [0, 0.03],
    [0, -0.03],
  ] as const) {
    expect(lossAt(slope + a, offset + b)).toBeGreaterThan(best);
  }
});

it("stays finite where a score parts the labels without error, and where it says nothing", () => {
  const parted = fitPlatt([0, 0, 1, 1], [1, 2, 3, 4]);
  expect(Number.isFinite(parted.slope) && Number.isFinite(parted.offset)).toBe(true);
  expect(scaleByPlatt(parted, 4)).toBeGreaterThan(0.9);
  expect(scaleByPlatt(fitPlatt([0, 0, 0, 1], [7, 7, 7, 7]), 7)).toBeCloseTo(0.25, 2);
});
