// How a ranking model's word meets the blend: pure functions. The model puts the candidates that it can judge in order;
// the scores stay those of the blend, given out anew in that order, so that boosts, declared weights and items that
// the model cannot judge go on meaning what they meant.
import { blend, contribution } from "./blend.ts";
import type { Blended } from "./blend.ts";
import { SOURCES } from "./contract.ts";
import type { SourceName } from "./contract.ts";
import type { CandidatePool } from "./pool.ts";
import type { SourceWeights } from "./surfaces.ts";

/** Keeps the model's order where the blend has nothing to give out: far below what a rank 500 adds. */
const STEP = 1e-6;

export type Judgement = {
  pool: CandidatePool;
  /** The surface's own weights, by which the blend would order. */
  usual: SourceWeights;
  /** What was declared over them. */
  weights: SourceWeights;
  /** What the score of an item is multiplied by. */
  boost: ((item: number) => number) | null;
  /** By slot: the model's score; NaN for an item that it cannot judge, which keeps what the blend gives it. */
  judged: Float32Array;
};

/** Sources that the model does not stand in for: they are added to its order with their whole weight. */
const ADDED: ReadonlySet<SourceName> = new Set(["relevance"]);

/** By how much a source lifts its items above the model's order: the declared weight over the usual one. */
export function tiltOf(source: SourceName, usual: SourceWeights, weights: SourceWeights): number {
  if (source === "ranking") return 0;
  return (weights[source] ?? 0) - (ADDED.has(source) ? 0 : (usual[source] ?? 0));
}

/** Scores and order of the slots. @param without a source whose tilt is left out */
export function orderByModel(
  { pool, usual, weights, boost, judged }: Judgement,
  without: SourceName | null = null,
): Blended {
  const plain: SourceWeights = { ...usual, ranking: 0 };
  for (const source of ADDED) plain[source] = 0;
  const base = blend(pool, plain).scores;
  const scores = base.slice();
  const share = Math.min(1, Math.max(0, weights.ranking ?? 1));
  const slots = pool.items.map((_, slot) => slot).filter((slot) => !Number.isNaN(judged[slot]));
  const given = Float64Array.from(slots, (slot) => base[slot] ?? 0).sort();
  slots.sort(
    (a, b) => (judged[b] ?? 0) - (judged[a] ?? 0) || (pool.items[a] ?? 0) - (pool.items[b] ?? 0),
  );
  for (const [place, slot] of slots.entries()) {
    const below = slots.length - 1 - place;
    scores[slot] = (1 - share) * (base[slot] ?? 0) + share * ((given[below] ?? 0) + STEP * below);
  }
  for (const [column, source] of SOURCES.entries()) {
    const tilt = source === without ? 0 : tiltOf(source, usual, weights);
    if (tilt === 0) continue;
    for (let slot = 0; slot < scores.length; slot++) {
      scores[slot] = (scores[slot] ?? 0) + contribution(pool, slot, column, tilt);
    }
  }
  if (boost !== null) {
    for (let slot = 0; slot < scores.length; slot++) {
      scores[slot] = (scores[slot] ?? 0) * boost(pool.items[slot] ?? -1);
    }
  }
  return { scores, order: orderSlots(pool, scores) };
}

/** Slots, best first; ties by item number. */
function orderSlots(pool: CandidatePool, scores: Float64Array): number[] {
  return pool.items
    .map((_, slot) => slot)
    .sort(
      (a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || (pool.items[a] ?? 0) - (pool.items[b] ?? 0),
    );
}
