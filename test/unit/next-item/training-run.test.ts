// Training as a whole: it learns, it is reproducible, and a run that was stopped ends as if it had not been.
import { describe, expect, it } from "vitest";
import { decodeCheckpoint, encodeCheckpoint } from "../../../models/next-item/train/checkpoint.ts";
import { ENCODER_NAMES } from "../../../models/next-item/config.ts";
import type { TrainConfig } from "../../../models/next-item/config.ts";
import type { RunProgress } from "../../../models/next-item/train/checkpoint.ts";
import { REFIT_SHARE } from "../../../models/next-item/train/epoch.ts";
import { runTraining } from "../../../models/next-item/train/training-run.ts";
import type { NextItemData } from "../../../models/next-item/data/dataset.ts";
import { trainNextItem, trainOrStop } from "../../../models/next-item/train/train.ts";
import type { TrainedEncoder } from "../../../models/next-item/train/train.ts";
import { bestEpoch } from "../../../models/next-item/train/best-epoch.ts";
import { validateLearner } from "../../../models/next-item/calibrate/validation.ts";
import { chooseExamples } from "../../../models/next-item/calibrate/examples.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import { circularShop, richShop, TINY, tinyConfig } from "./tiny-shop.ts";

const runtime = createNodeRuntime({ threads: 1 });

async function train(
  data: NextItemData,
  config: Partial<TrainConfig> = {},
): Promise<TrainedEncoder> {
  const model = await trainNextItem({ data, config: { ...TINY, ...config }, runtime });
  await model.release();
  return model;
}

/** Trains with a stop after every `every` steps; checkpoints go through their bytes. */
async function trainInPieces(data: NextItemData, config: Partial<TrainConfig>, every: number) {
  let bytes: Uint8Array | undefined;
  for (let stops = 0; ; stops++) {
    let steps = 0;
    const outcome = await trainOrStop({
      data,
      config: { ...TINY, ...config },
      runtime,
      shouldStop: () => ++steps >= every,
      from: bytes && decodeCheckpoint(bytes),
    });
    if (outcome.kind === "finished") {
      await outcome.model.release();
      return { model: outcome.model, stops };
    }
    bytes = encodeCheckpoint(outcome.checkpoint);
  }
}

describe("training", () => {
  it.each(ENCODER_NAMES)("teaches %s what always comes next", async (encoder) => {
    const data = circularShop({ items: 12, sessions: 150 });
    const learning = { epochs: 40, validation: 0, dropout: 0, inputDropout: 0, learningRate: 0.01 };
    const config = { ...TINY, ...learning, encoder, dim: 16, uniformNegatives: 32, pointer: false };
    const model = await trainNextItem({ data, config, runtime });
    const scores = await model.score(Array.from({ length: data.items }, (_, item) => [item]));
    await model.release();
    const best = scores.map((row) => row.indexOf(Math.max(...row)));
    const right = best.filter((next, item) => next === (item + 1) % data.items);
    // By chance it would be one of twelve.
    expect(right.length).toBeGreaterThanOrEqual(10);
  });

  it("gives the same weights for the same seed, others for another", async () => {
    const data = richShop();
    const [one, same, other] = [
      await train(data),
      await train(data),
      await train(data, { seed: 2 }),
    ];
    expect(same.weights).toEqual(one.weights);
    expect(other.weights.vectors).not.toEqual(one.weights.vectors);
  });

  it.each([4, 9])(
    "stopped and resumed every %i steps, ends with the same weights",
    async (every) => {
      const data = richShop();
      const whole = await train(data);
      const { model, stops } = await trainInPieces(data, {}, every);
      expect(stops).toBeGreaterThan(1);
      expect(model.weights).toEqual(whole.weights);
      expect(model.searched).not.toBeNull();
      expect(model.searched).toEqual(whole.searched);
      expect(model.history).toEqual(whole.history);
    },
  );

  it("learns on two cores what it learns on one, up to rounding, and the same bits each time", async () => {
    const data = richShop();
    const config = { ...TINY, epochs: 1, validation: 0 };
    const trainOn = async (threads: number) => {
      const model = await trainNextItem({ data, config, runtime: createNodeRuntime({ threads }) });
      await model.release();
      return model.weights;
    };
    const [one, two, again] = [await trainOn(1), await trainOn(2), await trainOn(2)];
    expect(again).toEqual(two);
    const apart = one.parameters.map((x, i) => Math.abs(x - (two.parameters[i] ?? NaN)));
    expect(Math.max(...apart)).toBeGreaterThan(0);
    expect(Math.max(...apart)).toBeLessThan(1e-3);
  });

  it("goes on from the best epoch with all sessions, through the last epochs of a schedule that ends there", async () => {
    const data = richShop();
    const seen: (RunProgress & { steps: number })[] = [];
    const onStep = (run: Readonly<RunProgress>, steps: number) => seen.push({ ...run, steps });
    await runTraining(data, tinyConfig({ epochs: 6, patience: 6 }), runtime, { onStep });
    const refit = seen.filter(({ phase }) => phase === "refit");
    const [first, last] = [refit[0], refit.at(-1)];
    expect(first?.epochs).toBe(bestEpoch(first?.history ?? [])?.epoch);
    const again = Math.ceil((first?.epochs ?? NaN) * REFIT_SHARE);
    expect(first?.epoch).toBe((first?.epochs ?? NaN) - again);
    expect(last?.step).toBe(last?.steps);
    expect(refit.length).toBe((last?.step ?? NaN) - (first?.step ?? NaN) + 1);
  });

  it("resumes row-wise Adagrad as well", async () => {
    const data = circularShop();
    const config = { rowOptimiser: "adagrad", refit: false } as const;
    const { model } = await trainInPieces(data, config, 7);
    expect(model.weights).toEqual((await train(data, config)).weights);
  });

  it("stops early when validation gets worse, and keeps the last epoch that is as good as the best", async () => {
    // The newest that are learned from walk the other way, and late epochs show little else.
    const { items, sessions } = circularShop({ sessions: 200 });
    const turned = sessions.map((session, at) =>
      at >= 100 && at < 180 ? { items: session.items.toReversed() } : session,
    );
    const data = { items, sessions: turned };
    const config = { epochs: 30, patience: 2, refit: false, rowLearningRate: 0.1, recency: 6 };
    const { history, weights } = await train(data, { ...config, pointer: false });
    expect(history.length).toBeLessThan(30);
    const best = bestEpoch(history);
    expect(history.at(-3)?.quality).toBe(best?.quality);
    const held = data.sessions.slice(-data.sessions.length * 0.1);
    const judged = await validateLearner(weights, chooseExamples(held, 1), runtime);
    expect(judged).toEqual(best?.quality);
  });

  it("judges the second half of the epochs only, and tells the loss of all", async () => {
    const { history } = await train(richShop(), { epochs: 5, patience: 5, refit: false });
    expect(history.map(({ quality }) => quality !== null)).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
    expect(history.every(({ loss }) => loss > 0)).toBe(true);
  });

  it("refuses a checkpoint of other data", async () => {
    const stopped = await trainOrStop({
      data: richShop(),
      config: TINY,
      runtime,
      shouldStop: () => true,
    });
    if (stopped.kind !== "stopped") throw new Error("it should have stopped");
    const resumed = trainOrStop({
      data: circularShop(),
      config: TINY,
      runtime,
      from: stopped.checkpoint,
    });
    await expect(resumed).rejects.toThrow("other data");
  });

  it("says so where there is nothing to learn", async () => {
    await expect(train({ items: 3, sessions: [{ items: [1] }] })).rejects.toThrow("no session");
  });
});
