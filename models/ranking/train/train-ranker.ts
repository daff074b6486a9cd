// Trains the ranking model on lists: epochs of steps, validation on the held-back lists after each, early stopping.
import { lastAsGood } from "../../evaluate/last-as-good.ts";
import { encodeModel } from "../../graph/onnx.ts";
import { DenseOptimiser } from "../../optimise/dense-optimiser.ts";
import { Random } from "../../graph/random.ts";
import { float32Output, floats } from "../../runtime/feeds.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { TASKS } from "../config.ts";
import type { RankingConfig, RankingTask } from "../config.ts";
import { rankingParameters } from "../model.ts";
import type { ModelShape } from "../model.ts";
import { measureNormalisation } from "./normalisation.ts";
import type { RankingWeights } from "../serve/serving-graph.ts";
import { buildStepFeeds } from "./step-feeds.ts";
import { buildRankingStep } from "./step-graph.ts";
import { LIST_STREAM } from "../streams.ts";
import type { RankedList, TrainingSet } from "./training-set.ts";
import { validateRanker } from "./validation.ts";
import type { RankingQuality } from "./validation.ts";

export type RankingEpoch = { epoch: number; loss: number; quality: RankingQuality };

/** The epoch that is kept, by NDCG@20 as with the encoder. */
export function bestEpoch(history: readonly RankingEpoch[]): RankingEpoch | undefined {
  return lastAsGood(history, ({ quality }) => quality["ndcg@20"]);
}

export type TrainedRanker = {
  weights: RankingWeights;
  history: RankingEpoch[];
  /** On the held-back lists, of the epoch that was kept. */
  quality: RankingQuality;
};

export type RankerHooks = {
  onStep?: (step: number, steps: number, loss: number) => void;
  onEpoch?: (epoch: RankingEpoch) => void;
};

/** Same set, configuration and threads give the same bytes. Throws where there is no list to learn from. */
export async function trainRanker(
  set: TrainingSet,
  config: RankingConfig,
  runtime: Runtime,
  hooks: RankerHooks = {},
): Promise<TrainedRanker> {
  if (set.train.length === 0)
    throw new Error("There is nothing to rank: retrieval found no click.");
  const shape: ModelShape = {
    width: set.width,
    hidden: config.hidden,
    tasks: learnable(set.train),
  };
  const normalisation = measureNormalisation(set.train, set.width);
  const graph = buildRankingStep(config, shape, normalisation);
  const session = await runtime.load(encodeModel(graph));
  const random = new Random(config.seed, LIST_STREAM.parameters);
  const dense = await DenseOptimiser.create(rankingParameters(shape), random, config, runtime);
  const inEpoch = Math.ceil(set.train.length / config.batch);
  const steps = inEpoch * config.epochs;
  const history: RankingEpoch[] = [];
  let best: TrainedRanker | null = null;
  let step = 0;
  for (let epoch = 1; epoch <= config.epochs; epoch++) {
    let lossSum = 0;
    for (const lists of batchesOf(set.train, config, epoch)) {
      const feeds = buildStepFeeds(lists, config, shape);
      const results = await session.run({ ...feeds, parameters: floats(dense.parameters) });
      const rate = rateAt(step, steps, config.warmupSteps);
      await dense.apply(float32Output(results, "d_parameters"), rate, step);
      const loss = float32Output(results, "loss")[0] ?? NaN;
      lossSum += loss;
      step++;
      hooks.onStep?.(step, steps, loss);
    }
    const weights = { shape, normalisation, parameters: dense.parameters.slice() };
    const quality = await validateRanker(weights, set.held, runtime);
    const report = { epoch, loss: lossSum / inEpoch, quality };
    history.push(report);
    hooks.onEpoch?.(report);
    const leader = bestEpoch(history);
    // Without lists to judge by the last epoch is kept.
    if (set.held.length === 0 || leader === report) best = { weights, history, quality };
    else if (epoch - (leader?.epoch ?? 0) >= config.patience) break;
  }
  await session.release();
  await dense.release();
  if (best === null) throw new Error("a ranking model needs at least one epoch");
  return best;
}

/** Click always; the others where the lists hold examples of both kinds. */
function learnable(lists: readonly RankedList[]): RankingTask[] {
  return TASKS.filter(
    (task) => task === "click" || lists.some(({ labels }) => labels?.[task].includes(1)),
  );
}

function* batchesOf(
  lists: readonly RankedList[],
  { batch, seed }: RankingConfig,
  epoch: number,
): Generator<RankedList[]> {
  const order = Int32Array.from(lists, (_, index) => index);
  new Random(seed, LIST_STREAM.order, epoch).shuffle(order);
  for (let from = 0; from < order.length; from += batch) {
    const chosen = order.subarray(from, from + batch);
    yield Array.from(chosen, (index) => lists[index]).filter((list) => list !== undefined);
  }
}

/** Linear warm-up, then linear decay to zero; a short run warms up for no more than a tenth of it. */
function rateAt(step: number, steps: number, warmupSteps: number): number {
  const warmup = Math.min(warmupSteps, Math.ceil(steps / 10));
  return Math.min(1, (step + 1) / warmup) * (1 - step / steps);
}
