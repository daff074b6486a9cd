// Judges a ranking model on held-back lists: where the next click stands, and how well carts and purchases are foreseen.
import { areaUnderRoc } from "../../evaluate/binary/curves.ts";
import { logLoss } from "../../evaluate/binary/calibration.ts";
import { gainsOfList } from "../../evaluate/list-metrics.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { createRanker } from "../serve/ranker.ts";
import type { RankingTask } from "../config.ts";
import type { RankingWeights } from "../serve/serving-graph.ts";
import { labelsOf } from "./training-set.ts";
import type { RankedList } from "./training-set.ts";

const CUTOFF = 20;

/**
 * In percent: hr@20, mrr@20 and ndcg@20 of the item that came next, ties against it, a miss of retrieval counted as a
 * miss. For each task that the lists tell of `<task>_auc` (0..1) and `<task>_log_loss` (nats).
 */
export type RankingQuality = Record<"hr@20" | "mrr@20" | "ndcg@20", number> &
  Record<string, number>;

export async function validateRanker(
  weights: RankingWeights,
  lists: readonly RankedList[],
  runtime: Runtime,
): Promise<RankingQuality> {
  const ranker = await createRanker(weights, runtime);
  const { tasks } = weights.shape;
  const probabilities = new Map<RankingTask, number[]>(tasks.map((task) => [task, []]));
  const labels = new Map<RankingTask, number[]>(tasks.map((task) => [task, []]));
  const sums = { "hr@20": 0, "mrr@20": 0, "ndcg@20": 0 };
  for (const list of lists) {
    const answer = await ranker.rank(list.features, list.count);
    const relevant = list.clicked < 0 ? [] : [list.clicked];
    const { hr, mrr, ndcg } = gainsOfList(answer.scores, relevant, CUTOFF);
    sums["hr@20"] += hr;
    sums["mrr@20"] += mrr;
    sums["ndcg@20"] += ndcg;
    for (const task of tasks) {
      for (const probability of answer[task] ?? []) probabilities.get(task)?.push(probability);
      for (const label of labelsOf(list, task)) labels.get(task)?.push(label);
    }
  }
  await ranker.release();
  const percent = 100 / Math.max(1, lists.length);
  const quality: RankingQuality = {
    "hr@20": sums["hr@20"] * percent,
    "mrr@20": sums["mrr@20"] * percent,
    "ndcg@20": sums["ndcg@20"] * percent,
  };
  for (const task of tasks) {
    const [truth, predicted] = [labels.get(task) ?? [], probabilities.get(task) ?? []];
    if (!truth.includes(1) || !truth.includes(0)) continue;
    quality[`${task}_auc`] = areaUnderRoc(truth, predicted);
    quality[`${task}_log_loss`] = logLoss(truth, predicted);
  }
  return quality;
}
