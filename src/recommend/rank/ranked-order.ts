// How a ranking model's word meets the blend: pure functions. The model puts the candidates that it can judge in order;
// the scores stay those of the blend, given out anew in that order, so that boosts, declared weights and items that
// the model cannot judge go on meaning what they meant.
import { selectBest } from "../../../models/baselines/select-best.ts";
import { descendingKey } from "../../../models/evaluate/descending-key.ts";
import { addUp, contribution } from "./blend.ts";
import type { Blended } from "./blend.ts";
import { SOURCES } from "../contract.ts";
import type { SourceName } from "../contract.ts";
import type { CandidatePool } from "../retrieve/pool.ts";
import type { SourceWeights } from "../surfaces.ts";

/** Keeps the model's order where the blend has nothing to give out: far below what a rank 500 adds. */
const STEP = 1e-6;
/** Item numbers stay below it (see MAX_ITEMS), and 32 bits above them a double still holds. */
const ITEM_ROOM = 2 ** 20;

/** What the model's order is laid over; the same however it judges. */
export type Ground = {
  /** The slots that the model can judge. */
  slots: Int32Array;
  /** By slot: the blend's score. */
  base: Float64Array;
  /** The blend's scores of `slots`, lowest first: they are given out anew. */
  given: Float64Array;
};

export type Judgement = {
  pool: CandidatePool;
  /** The surface's own weights, by which the blend would order. */
  usual: SourceWeights;
  /** What was declared over them. */
  weights: SourceWeights;
  /** What the score of an item is multiplied by. */
  boost: ((item: number) => number) | null;
  ground: Ground;
  /** The model's scores, in the order of `ground.slots`. */
  judged: Float32Array;
};

/** Sources that the model does not stand in for: they are added to its order with their whole weight. */
const ADDED: ReadonlySet<SourceName> = new Set(["relevance"]);

/** By how much a source lifts its items above the model's order: the declared weight over the usual one. */
export function tiltOf(source: SourceName, usual: SourceWeights, weights: SourceWeights): number {
  if (source === "ranking" || source === "recently_viewed") return 0;
  return (weights[source] ?? 0) - (ADDED.has(source) ? 0 : (usual[source] ?? 0));
}

/** @param slots those that the model can judge; the others keep what the blend gives them */
export function layGround(pool: CandidatePool, usual: SourceWeights, slots: Int32Array): Ground {
  const plain: SourceWeights = { ...usual, ranking: 0 };
  for (const source of ADDED) plain[source] = 0;
  const base = addUp(pool, plain);
  const given = new Float64Array(slots.length);
  for (let index = 0; index < slots.length; index++) given[index] = base[slots[index] ?? 0] ?? 0;
  return { slots, base, given: given.sort() };
}

/** Scores and order of the slots. @param without a source whose tilt is left out */
export function orderByModel(judgement: Judgement, without: SourceName | null = null): Blended {
  const scores = scoreByModel(judgement, without);
  return { scores, order: orderSlots(judgement.pool, scores) };
}

/** The slots of the best `limit` scores. */
export function listBest(pool: CandidatePool, scores: Float64Array, limit: number): Int32Array {
  const slots = Int32Array.from(pool.items.keys());
  const goesFirst = (a: number, b: number) => compareSlots(pool, scores, a, b) < 0;
  return slots.subarray(0, selectBest(slots, slots.length, limit, goesFirst));
}

/** The scores alone. */
export function scoreByModel(
  judgement: Judgement,
  without: SourceName | null = null,
): Float64Array {
  const { pool, usual, weights, boost, ground } = judgement;
  const { base, given } = ground;
  const scores = base.slice();
  const share = Math.min(1, Math.max(0, weights.ranking ?? 1));
  const slots = sortJudged(judgement);
  for (let index = 0; index < slots.length; index++) {
    const slot = slots[index] ?? 0;
    const below = slots.length - 1 - index;
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
  return scores;
}

/** The slots that the model can judge, best first; ties by item number. */
function sortJudged({ pool, ground, judged }: Judgement): Int32Array {
  const { slots } = ground;
  const keys = new Float64Array(slots.length);
  for (let index = 0; index < slots.length; index++) {
    const item = pool.items[slots[index] ?? 0] ?? 0;
    keys[index] = descendingKey(judged[index] ?? 0) * ITEM_ROOM + item;
  }
  keys.sort();
  const sorted = new Int32Array(slots.length);
  for (let index = 0; index < sorted.length; index++) {
    sorted[index] = pool.slotOf((keys[index] ?? 0) % ITEM_ROOM);
  }
  return sorted;
}

/** Slots, best first; ties by item number. */
function orderSlots(pool: CandidatePool, scores: Float64Array): number[] {
  return [...pool.items.keys()].sort((a, b) => compareSlots(pool, scores, a, b));
}

function compareSlots(pool: CandidatePool, scores: Float64Array, a: number, b: number): number {
  return (scores[b] ?? 0) - (scores[a] ?? 0) || (pool.items[a] ?? 0) - (pool.items[b] ?? 0);
}
