// Which items of a list are there for their price: those that would be beyond its end if the price said nothing.
import type { CandidatePool } from "../retrieve/pool.ts";
import type { HeadWeights } from "../surfaces.ts";
import { listBest, scoreByModel } from "./ranked-order.ts";
import type { Judgement } from "./ranked-order.ts";
import type { RankingQuestion, RankingStage } from "./ranking-stage.ts";

/**
 * So many lengths of the list, as the model orders and as the blend would, are ranked once more without the price. Others
 * could only push more items off the list, so what is told is true; and they would hardly come up so far.
 */
const REACH = 2;

/** `limit`: length of the list that is asked for. */
type AskedList = { stage: RankingStage; heads: HeadWeights; pool: CandidatePool; limit: number };

/**
 * Items within the length of the list that would be beyond it; none where no price level of the shopper is known.
 *
 * @param judge from scores of the question's items to a judgement
 */
export async function listCarriedByPrice(
  { stage, heads, pool, limit }: AskedList,
  question: RankingQuestion,
  { order, base }: { order: readonly number[]; base: Float64Array },
  judge: (scores: Float32Array) => Judgement,
): Promise<ReadonlySet<number>> {
  if (!question.hasPriceLevel) return new Set();
  const slots = [...order.slice(0, REACH * limit), ...listBest(pool, base, REACH * limit)];
  const near = new Set<number | undefined>(slots.map((slot) => pool.items[slot]));
  const indexes = [...question.items.keys()].filter((index) => near.has(question.items[index]));
  const scores = await stage.score(pickRows(question, indexes), heads, "price");
  const bare = new Float32Array(question.items.length).fill(-Infinity);
  for (const [at, index] of indexes.entries()) bare[index] = scores[at] ?? -Infinity;
  const still = new Set(listBest(pool, scoreByModel(judge(bare)), limit));
  const carried = order.slice(0, limit).filter((slot) => !still.has(slot));
  return new Set(carried.map((slot) => pool.items[slot] ?? -1));
}

/** The question about the items at these indexes alone. */
function pickRows(question: RankingQuestion, indexes: readonly number[]): RankingQuestion {
  const width = question.features.length / question.items.length;
  const features = new Float32Array(indexes.length * width);
  for (const [at, index] of indexes.entries()) {
    features.set(question.features.subarray(index * width, (index + 1) * width), at * width);
  }
  const items = Int32Array.from(indexes, (index) => question.items[index] ?? -1);
  return { ...question, items, features };
}
