// Makes honest probabilities of what a trained ranker says of carts and purchases. It learned from lists that hold their
// click and a part of their candidates; held-back lists are as they are served. Two numbers for each task, by Platt
// scaling, go into the last layer: the graph stays what it was, and no candidate changes places.
import { fitPlatt } from "../evaluate/binary/platt.ts";
import type { PlattScaling } from "../evaluate/binary/platt.ts";
import { concatenate } from "../evaluate/concatenate.ts";
import { countElements } from "../graph/value.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { RankingTask } from "./config.ts";
import { rankingParameters } from "./model.ts";
import { createRanker } from "./ranker.ts";
import type { RankingWeights } from "./serving-graph.ts";
import { labelsOf } from "./training-set.ts";
import type { RankedList } from "./training-set.ts";

/** With fewer candidates that were carted, or bought, a curve through them is worse than none. */
const FEWEST = 20;

/** The click head is left alone: it is judged within its list. */
export async function calibrateHeads(
  weights: RankingWeights,
  held: readonly RankedList[],
  runtime: Runtime,
): Promise<RankingWeights> {
  const tasks = weights.shape.tasks.filter((task) => task !== "click");
  if (tasks.length === 0) return weights;
  const parameters = weights.parameters.slice();
  const logits = await readLogits(weights, held, runtime);
  for (const task of tasks) {
    const labels = concatenate(held.map((list) => labelsOf(list, task)));
    if (labels.reduce((sum, label) => sum + label, 0) < FEWEST) continue;
    const scaling = fitPlatt(labels, concatenate(logits.map((of) => of[task] ?? [])));
    // A head that is wrong on the whole has nothing to be stretched.
    if (scaling.slope > 0) rescale(parameters, weights, task, scaling);
  }
  return { ...weights, parameters };
}

/** Log-odds of each list's candidates, [count] for each task. */
async function readLogits(
  weights: RankingWeights,
  lists: readonly RankedList[],
  runtime: Runtime,
): Promise<Partial<Record<RankingTask, Float64Array>>[]> {
  const ranker = await createRanker(weights, runtime);
  const logits = [];
  for (const { features, count } of lists) {
    const { cart, purchase } = await ranker.rank(features, count);
    logits.push({ cart: toLogits(cart), purchase: toLogits(purchase) });
  }
  await ranker.release();
  return logits;
}

function toLogits(probabilities: Float32Array | null): Float64Array {
  return Float64Array.from(probabilities ?? [], (p) => Math.log(p / (1 - p)));
}

/** A head's logit is linear in its own parameters, so they take the stretch and the shift. */
function rescale(
  parameters: Float32Array,
  { shape }: RankingWeights,
  task: RankingTask,
  { slope, offset }: PlattScaling,
): void {
  let at = 0;
  for (const { name, shape: dims } of rankingParameters(shape)) {
    const own = parameters.subarray(at, (at += countElements(dims)));
    if (!name.startsWith(`${task}.`)) continue;
    for (const [i, x] of own.entries()) own[i] = slope * x;
    if (name === `${task}.bias`) own[0] = (own[0] ?? 0) + offset;
  }
}
