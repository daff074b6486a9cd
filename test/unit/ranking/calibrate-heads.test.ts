// Laws of the calibration of heads: honest on the whole, same order, and nothing made of too little.
import { beforeAll, expect, it } from "vitest";
import { logLoss } from "../../../models/evaluate/binary/calibration.ts";
import { calibrateHeads } from "../../../models/ranking/calibrate-heads.ts";
import { completeRankingConfig } from "../../../models/ranking/config.ts";
import type { RankingTask } from "../../../models/ranking/config.ts";
import { createRanker } from "../../../models/ranking/ranker.ts";
import { replayByTime } from "../../../models/ranking/replay.ts";
import type { RankingWeights } from "../../../models/ranking/serving-graph.ts";
import { trainRanker } from "../../../models/ranking/train-ranker.ts";
import { buildTrainingSet, labelsOf } from "../../../models/ranking/training-set.ts";
import type { RankedList } from "../../../models/ranking/training-set.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import { makeLog, makePipeline } from "./small-log.ts";

const CONFIG = completeRankingConfig({
  share: 0.5,
  validation: 0.5,
  hidden: [16, 8],
  listLength: 20,
  epochs: 2,
});
const RUNTIME = createNodeRuntime({ threads: 1 });

let held: RankedList[];
/** As the steps left them: weights of a training that held nothing back are not calibrated. */
let raw: RankingWeights;
beforeAll(async () => {
  const log = makeLog({ sessions: 400, rich: true });
  const set = await buildTrainingSet(makePipeline(), replayByTime(log, CONFIG), CONFIG);
  held = set.held;
  raw = (await trainRanker({ ...set, held: [] }, CONFIG, RUNTIME)).weights;
});

async function foresee(weights: RankingWeights, task: "cart" | "purchase") {
  const ranker = await createRanker(weights, RUNTIME);
  const probabilities: number[][] = [];
  for (const { features, count } of held)
    probabilities.push([...((await ranker.rank(features, count))[task] ?? [])]);
  await ranker.release();
  return probabilities;
}

const labels = (task: RankingTask) => held.flatMap((list) => [...labelsOf(list, task)]);
const mean = (xs: readonly number[]) => xs.reduce((sum, x) => sum + x, 0) / xs.length;
it.each(["cart", "purchase"] as const)(
  "makes %s as likely on the whole as it is, at a smaller loss, in the same order",
  async (task) => {
    const calibrated = await calibrateHeads(raw, held, RUNTIME);
    const [before, after] = [await foresee(raw, task), await foresee(calibrated, task)];
    const truth = labels(task);
    expect(mean(after.flat())).toBeCloseTo(mean(truth), 4);
    expect(logLoss(truth, after.flat())).toBeLessThan(logLoss(truth, before.flat()));
    for (const [place, list] of before.entries()) {
      const ascending = [...list.keys()].toSorted((a, b) => (list[a] ?? 0) - (list[b] ?? 0));
      const then = ascending.map((candidate) => after[place]?.[candidate] ?? NaN);
      for (const [i, p] of then.entries()) expect(p).toBeGreaterThan((then[i - 1] ?? 0) - 1e-6);
    }
  },
);

it("is part of training where lists are held back, and leaves the click alone", async () => {
  const log = makeLog({ sessions: 400, rich: true });
  const set = await buildTrainingSet(makePipeline(), replayByTime(log, CONFIG), CONFIG);
  const { weights } = await trainRanker(set, CONFIG, RUNTIME);
  expect(mean((await foresee(weights, "cart")).flat())).toBeCloseTo(mean(labels("cart")), 4);
  const calibrated = await calibrateHeads(raw, held, RUNTIME);
  const [one, other] = [await createRanker(raw, RUNTIME), await createRanker(calibrated, RUNTIME)];
  const { features, count } = held[0] ?? { features: new Float32Array(), count: 0 };
  expect((await other.rank(features, count)).scores).toEqual(
    (await one.rank(features, count)).scores,
  );
  await one.release();
  await other.release();
});

it("draws no curve through a handful of purchases", async () => {
  const few = held.filter(({ labels }) => labels?.purchase.includes(1)).slice(0, 3);
  expect(await calibrateHeads(raw, few, RUNTIME)).toEqual(raw);
});
