// Validation agrees with ranks counted by hand; calibration puts held-back clicks higher, not lower.
import { beforeAll, describe, expect, it } from "vitest";
import {
  COMMON_CALIBRATION,
  fitCalibration,
  NO_CALIBRATION,
} from "../../../models/next-item/calibrate/calibration.ts";
import {
  fitLikelihood,
  readLikelihood,
} from "../../../models/next-item/calibrate/calibrate-likelihood.ts";
import { Random } from "../../../models/graph/random.ts";
import { createScorer, partByLength } from "../../../models/next-item/serve/scorer.ts";
import type { Calibration } from "../../../models/next-item/network/serving-graph.ts";
import { trainNextItem } from "../../../models/next-item/train/train.ts";
import type { TrainedEncoder } from "../../../models/next-item/train/train.ts";
import { validate } from "../../../models/next-item/calibrate/validation.ts";
import { chooseExamples } from "../../../models/next-item/calibrate/examples.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import { richShop, TINY } from "./tiny-shop.ts";

const runtime = createNodeRuntime({ threads: 1 });
const data = richShop();
const examples = chooseExamples(data.sessions, 1);
let model: TrainedEncoder;

beforeAll(async () => {
  model = await trainNextItem({ data, config: { ...TINY, epochs: 1, validation: 0 }, runtime });
});

async function scoreAll(calibration: Calibration): Promise<Float32Array[]> {
  const scorer = await createScorer({ ...model.weights, calibration }, runtime);
  const rows = await scorer.scoreSessions(examples.map(({ context }) => context));
  await scorer.release();
  return rows;
}

describe("validation", () => {
  it("counts the ranks that the served scores give", async () => {
    const quality = await validate(model.weights, examples, runtime);
    const ranks = (await scoreAll(model.weights.calibration)).map((row, i) => {
      const own = row[examples[i]?.target ?? -1] ?? NaN;
      return row.filter((score) => score >= own).length;
    });
    const mrr = (100 * ranks.reduce((sum, rank) => sum + 1 / rank, 0)) / ranks.length;
    expect(quality.mrr20).toBeCloseTo(mrr, 8);
    expect(quality.hr20).toBeCloseTo(100, 8);
  });

  it("chooses prefixes with the item that came next, the same ones for the same seed", () => {
    expect(chooseExamples(data.sessions, 1)).toEqual(examples);
    expect(examples.length).toBe(
      data.sessions.reduce((sum, { items }) => sum + items.length - 1, 0),
    );
    for (const { context, target } of examples) {
      expect(target).toBe(((context.items.at(-1) ?? NaN) + 1) % 20);
      expect(context.types?.length).toBe(context.items.length);
    }
  });
});

describe("calibration", () => {
  it("puts the next item no lower than none, the common one, and a pointer that is silent or loud", async () => {
    const fitted = await fitCalibration(model.weights, examples, runtime);
    const mrrOf = async (calibration: Calibration) =>
      (await validate({ ...model.weights, calibration }, examples, runtime)).mrr20;
    const best = await mrrOf(fitted);
    const silent = { ...fitted, pointerSlope: 0, pointerShift: -6 };
    const loud = { ...fitted, pointerSlope: 0, pointerShift: 12 };
    for (const other of [NO_CALIBRATION, COMMON_CALIBRATION, silent, loud]) {
      expect(await mrrOf(other)).toBeLessThanOrEqual(best + 1e-9);
    }
    expect(await mrrOf(loud)).toBeLessThan(best);
  });

  it("finds the numbers by which choices were made", () => {
    const truth = { catalogue: 0.7, pointerSlope: 0.5, pointerShift: 1 };
    const random = new Random(1, 0);
    const choices = Array.from({ length: 4000 }, () => {
      const scores = Float32Array.from({ length: 30 }, () => 2 * random.normal());
      const items = [random.int(30), random.int(30), random.int(30)];
      const pointers = items.map(() => 2 * random.normal());
      return readLikelihood(
        scores,
        pointers,
        items,
        choose(random, scores, pointers, items, truth),
      );
    });
    const found = fitLikelihood(choices, COMMON_CALIBRATION);
    expect(found.catalogue).toBeCloseTo(truth.catalogue, 1);
    expect(found.pointerSlope).toBeCloseTo(truth.pointerSlope, 1);
    expect(Math.abs(found.pointerShift - truth.pointerShift)).toBeLessThan(0.15);
  });
});

/** Draws an item by its share: the pointer's for items of the session, the catalogue's for the others. */
function choose(
  random: Random,
  scores: Float32Array,
  pointers: readonly number[],
  items: readonly number[],
  { catalogue, pointerSlope, pointerShift }: Calibration,
): number {
  const mass = scores.map((score) => Math.exp(catalogue * score));
  for (const item of items) mass[item] = 0;
  for (const [event, item] of items.entries()) {
    const logit = pointers[event] ?? NaN;
    mass[item] = (mass[item] ?? 0) + Math.exp(pointerSlope * logit + pointerShift);
  }
  let left = random.uniform() * mass.reduce((sum, share) => sum + share, 0);
  return Math.max(
    0,
    mass.findIndex((share) => (left -= share) < 0),
  );
}

it("parts contexts by length, every one once", () => {
  const contexts = [3, 1, 2, 1, 5].map((length) => ({ items: Array<number>(length).fill(0) }));
  expect(partByLength(contexts, 2)).toEqual([[1, 3], [2, 0], [4]]);
  expect(partByLength([], 2)).toEqual([]);
});
