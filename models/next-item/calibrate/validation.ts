// Judges a model on held-back sessions while it trains: full ranking, ties against the target.
import { rankOfTarget } from "../../evaluate/ranks.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { fitOrder, rankUnder } from "./calibrate-order.ts";
import { gatherEvidence } from "./calibration.ts";
import type { Example } from "./examples.ts";
import { createScorer, partByLength } from "../serve/scorer.ts";
import type { ServingOptions, Weights } from "../network/serving-graph.ts";

const CUTOFF = 20;
/** Contexts scored at a time, so that their scores do not pile up. */
const PART = 64;

/** In percent. */
export type Quality = { hr20: number; mrr20: number; ndcg20: number };

export async function validate(
  weights: Weights,
  examples: readonly Example[],
  runtime: Runtime,
  options: ServingOptions = {},
): Promise<Quality> {
  const scorer = await createScorer(weights, runtime, options);
  const ranks: number[] = [];
  const contexts = examples.map(({ context }) => context);
  for (const part of partByLength(contexts, PART)) {
    const scores = await scorer.scoreSessions(part.flatMap((index) => contexts[index] ?? []));
    for (const [i, index] of part.entries()) {
      ranks.push(rankOfTarget(scores[i] ?? new Float32Array(), examples[index]?.target ?? -1));
    }
  }
  await scorer.release();
  return summarise(ranks);
}

/**
 * The same for a model that is still learning: with a pointer that speaks as loudly as serves these examples best, since
 * how loud it is by itself goes up and down from epoch to epoch.
 */
export async function validateLearner(
  weights: Weights,
  examples: readonly Example[],
  runtime: Runtime,
): Promise<Quality> {
  if (!weights.config.pointer) return validate(weights, examples, runtime);
  const { rankCases } = await gatherEvidence(weights, examples, runtime, 0);
  const calibration = fitOrder(rankCases, weights.calibration);
  return summarise(rankCases.map((rankCase) => rankUnder(rankCase, calibration)));
}

function summarise(ranks: readonly number[]): Quality {
  const hits = ranks.filter((rank) => rank <= CUTOFF);
  const percent = 100 / Math.max(1, ranks.length);
  const total = (gain: (rank: number) => number) =>
    percent * hits.reduce((sum, rank) => sum + gain(rank), 0);
  return {
    hr20: total(() => 1),
    mrr20: total((rank) => 1 / rank),
    ndcg20: total((rank) => 1 / Math.log2(1 + rank)),
  };
}
