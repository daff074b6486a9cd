// Judges a ranking model on held-back lists: where the next click stands, and how well carts and purchases are foreseen.
import { areaUnder, rocCurve } from "../evaluate/binary/curves.ts";
import { logLoss } from "../evaluate/binary/calibration.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { createRanker } from "./ranker.ts";
import type { RankingTask } from "./config.ts";
import type { RankingWeights } from "./serving-graph.ts";
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
    const rank = rankOf(answer.scores, list.clicked);
    if (rank <= CUTOFF) {
      sums["hr@20"] += 1;
      sums["mrr@20"] += 1 / rank;
      sums["ndcg@20"] += 1 / Math.log2(rank + 1);
    }
    for (const task of tasks) {
      const predicted = answer[task];
      if (predicted === null) continue;
      for (const [place, probability] of predicted.entries()) {
        probabilities.get(task)?.push(probability);
        labels.get(task)?.push(labelOf(list, task, place));
      }
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
    quality[`${task}_auc`] = areaUnder(rocCurve(truth, predicted));
    quality[`${task}_log_loss`] = logLoss(truth, predicted);
  }
  return quality;
}

function labelOf(list: RankedList, task: RankingTask, place: number): number {
  return task === "click" ? Number(place === list.clicked) : (list.labels?.[task][place] ?? 0);
}

/** Rank from 1; among equals it comes last, and a place of -1 nowhere. */
function rankOf(scores: Float32Array, place: number): number {
  const own = scores[place];
  return own === undefined
    ? Infinity
    : scores.reduce((rank, score) => rank + Number(score >= own), 0);
}
