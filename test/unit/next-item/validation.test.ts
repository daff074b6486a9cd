// Validation agrees with ranks counted by hand; calibration makes held-back clicks more likely, not less.
import { beforeAll, describe, expect, it } from "vitest";
import {
  COMMON_CALIBRATION,
  fitCalibration,
  NO_CALIBRATION,
} from "../../../models/next-item/calibration.ts";
import { createScorer } from "../../../models/next-item/scorer.ts";
import type { Calibration } from "../../../models/next-item/serving-graph.ts";
import { trainNextItem } from "../../../models/next-item/train.ts";
import type { TrainedEncoder } from "../../../models/next-item/train.ts";
import { chooseExamples, validate } from "../../../models/next-item/validation.ts";
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

/** Mean of -log p(target) by the served scores. */
async function lossOf(calibration: Calibration): Promise<number> {
  const losses = (await scoreAll(calibration)).map((row, i) => {
    const all = Math.log(row.reduce((sum, score) => sum + Math.exp(score), 0));
    return all - (row[examples[i]?.target ?? -1] ?? NaN);
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
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
  it("is more likely than none, than the common one, and than its neighbours", async () => {
    const fitted = await fitCalibration(model.weights, examples, runtime);
    const loss = await lossOf(fitted);
    const { pointerSlope, pointerShift } = fitted;
    const others = [
      NO_CALIBRATION,
      COMMON_CALIBRATION,
      { ...fitted, pointerSlope: pointerSlope + 0.1 },
      { ...fitted, pointerSlope: pointerSlope - 0.1 },
      { ...fitted, pointerShift: pointerShift + 0.3 },
      { ...fitted, pointerShift: pointerShift - 0.3 },
    ];
    for (const other of others) expect(await lossOf(other)).toBeGreaterThanOrEqual(loss - 1e-6);
    expect(await lossOf(NO_CALIBRATION)).toBeGreaterThan(loss);
  });
});
