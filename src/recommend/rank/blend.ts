// From what the sources say to one score an item. A pure function; a ranking model, where one serves, reorders it.
// Weighted reciprocal-rank fusion (Cormack, Clarke and Buettcher, 2009): it needs no comparable scores.
import { SOURCES } from "../contract.ts";
import type { SourceName } from "../contract.ts";
import type { CandidatePool } from "../retrieve/pool.ts";
import type { SourceWeights } from "../surfaces.ts";

/** Softens the lead of the first ranks. 60 suits long result lists; a page shows few, so its head must stay sharp. */
const RANK_OFFSET = 10;

export type Blended = {
  /** Score of each slot of the pool. */
  scores: Float64Array;
  /** Slots, best first; ties by item number. */
  order: number[];
};

/** What one source adds to the score of one candidate. The score is the sum over sources. */
export function contribution(
  pool: CandidatePool,
  slot: number,
  column: number,
  weight: number,
): number {
  const rank = pool.ranks[slot * SOURCES.length + column] ?? 0;
  return rank === 0 ? 0 : (weight * (1 + RANK_OFFSET)) / (rank + RANK_OFFSET);
}

/** Its word is the probability of a revisit, which `mixRevisits` places among what is new. */
const MIXED: SourceName = "recently_viewed";

/** The score of each slot, boosts aside. */
export function addUp(pool: CandidatePool, weights: SourceWeights): Float64Array {
  const columns = SOURCES.map((name) => (name === MIXED ? 0 : (weights[name] ?? 0)));
  const scores = new Float64Array(pool.items.length);
  for (let slot = 0; slot < scores.length; slot++) {
    let score = 0;
    for (let column = 0; column < columns.length; column++) {
      score += contribution(pool, slot, column, columns[column] ?? 0);
    }
    scores[slot] = score;
  }
  return scores;
}

/** `boost`: what the score of an item is multiplied by. */
export function blend(
  pool: CandidatePool,
  weights: SourceWeights,
  boost: ((item: number) => number) | null = null,
): Blended {
  const plain = addUp(pool, weights);
  const scores =
    boost === null ? plain : plain.map((score, slot) => score * boost(pool.items[slot] ?? -1));
  const order = pool.items.map((_, slot) => slot);
  order.sort((a, b) => {
    const difference = (scores[b] ?? 0) - (scores[a] ?? 0);
    return difference === 0 ? (pool.items[a] ?? 0) - (pool.items[b] ?? 0) : difference;
  });
  return { scores, order };
}

/** The source that adds most to a candidate's score; null where none does. */
export function loudestSource(
  pool: CandidatePool,
  slot: number,
  weights: SourceWeights,
): SourceName | null {
  let best: SourceName | null = null;
  let most = 0;
  SOURCES.forEach((name, column) => {
    if (name === MIXED) return;
    const added = contribution(pool, slot, column, weights[name] ?? 0);
    if (added > most) {
      best = name;
      most = added;
    }
  });
  return best;
}
