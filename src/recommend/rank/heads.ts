// Which of a ranking model's answers orders a list: what is clicked next, or what goes into the cart and is bought.
import type { RankingAnswer } from "../../../models/ranking/serve/ranker.ts";
import type { HeadWeights } from "../surfaces.ts";

/** Keeps the logarithm of a probability finite. */
const SMALLEST = 1e-9;

/** The heads that count, beside the click. */
export function listWanted(weights: HeadWeights): ("cart" | "purchase")[] {
  return (["cart", "purchase"] as const).filter((head) => weights[head] !== 0);
}

/** Sum of weighted log-probabilities, [count]; a task that the model did not learn is passed over. */
export function combineHeads(answer: RankingAnswer, weights: HeadWeights): Float32Array {
  // The click logit differs from the log-probability by one number for the whole list.
  const scores = answer.scores.map((logit) => weights.click * logit);
  for (const head of listWanted(weights)) {
    answer[head]?.forEach((probability, index) => {
      scores[index] = (scores[index] ?? 0) + weights[head] * Math.log(probability + SMALLEST);
    });
  }
  return scores;
}
