// Where what the shopper touched before stands among what is new: by the probability that it comes next. Pure. What is new
// keeps its order and its scores; a revisit gets a score between those of its neighbours.
import type { RevisitOdds, Touched } from "../../live/revisits.ts";
import { SOURCES } from "../contract.ts";
import type { CandidatePool } from "../retrieve/pool.ts";
import { toCatalogItem } from "../../catalog/catalog-item.ts";
import type { Blended } from "./blend.ts";
import type { Explained } from "./rank-by-model.ts";
import { ranksOf } from "./contributions.ts";

/**
 * Of all that is new, the item at rank r (from 0) comes next with probability FIRST / (r + 1): what lists of two public logs
 * came to, with and without a model.
 */
const FIRST = 0.1;
/** What a revisit above all others gains on the next. */
const LEAD = 0.01;

export type Mixed = Blended & {
  /** What the mixing moved: items that the shopper touched before. */
  revisits: ReadonlySet<number>;
  /** `explained` with what the mixing did. */
  explain: (slot: number, explained: Explained) => Explained;
};

/** @param factorOf what the odds of an item are multiplied by: the weight of the source and the shop's boosts */
export function mixRevisits(
  pool: CandidatePool,
  { scores, order }: Blended,
  touched: Touched,
  odds: RevisitOdds,
  factorOf: (item: number) => number,
): Mixed {
  const oddsBySlot = new Map<number, number>();
  for (const [index, item] of touched.items.entries()) {
    const slot = pool.slotOf(toCatalogItem(item));
    if (slot !== -1) oddsBySlot.set(slot, (odds.again[index] ?? 0) * factorOf(item));
  }
  const again = [...oddsBySlot.keys()].sort(
    (a, b) => (oddsBySlot.get(b) ?? 0) - (oddsBySlot.get(a) ?? 0),
  );
  const fresh = order.filter((slot) => !oddsBySlot.has(slot));
  const mixed: number[] = [];
  for (const [rank, slot] of fresh.entries()) {
    const own = (odds.fresh * FIRST) / (rank + 1);
    while (again.length > 0 && (oddsBySlot.get(again[0] ?? -1) ?? 0) >= own) {
      mixed.push(again.shift() ?? -1);
    }
    mixed.push(slot);
  }
  mixed.push(...again);
  const moved = scoreBetween(scores, mixed, oddsBySlot);
  return {
    scores: moved,
    order: mixed,
    revisits: new Set([...oddsBySlot.keys()].map((slot) => pool.items[slot] ?? -1)),
    explain: explainBy(
      pool,
      { scores, order },
      { scores: moved, order: mixed },
      oddsBySlot,
      factorOf,
    ),
  };
}

/** The scores of what is new as they were, those of revisits in even steps between them. */
function scoreBetween(
  scores: Float64Array,
  mixed: readonly number[],
  oddsBySlot: ReadonlyMap<number, number>,
): Float64Array {
  const moved = scores.slice();
  for (let start = 0; start < mixed.length; start++) {
    if (!oddsBySlot.has(mixed[start] ?? -1)) continue;
    let end = start;
    while (end < mixed.length && oddsBySlot.has(mixed[end] ?? -1)) end++;
    const below = end < mixed.length ? (scores[mixed[end] ?? -1] ?? 0) : 0;
    const run = end - start;
    const top = (below > 0 ? below : 1) * (1 + LEAD * (run + 1));
    const above = start > 0 ? (scores[mixed[start - 1] ?? -1] ?? 0) : top;
    for (let index = start; index < end; index++) {
      moved[mixed[index] ?? -1] = above - ((above - below) * (index - start + 1)) / (run + 1);
    }
    start = end;
  }
  return moved;
}

function explainBy(
  pool: CandidatePool,
  before: Blended,
  after: Blended,
  oddsBySlot: ReadonlyMap<number, number>,
  factorOf: (item: number) => number,
): Mixed["explain"] {
  const place = ranksOf(after.order);
  const placeWithout = ranksOf(before.order);
  const column = SOURCES.indexOf("recently_viewed");
  return (slot, explained) => {
    const odds = oddsBySlot.get(slot);
    if (odds === undefined) return explained;
    const factor = factorOf(pool.items[slot] ?? -1);
    const own = {
      source: "recently_viewed" as const,
      rank: Math.max(0, (pool.ranks[slot * SOURCES.length + column] ?? 0) - 1),
      source_score: factor === 0 ? 0 : odds / factor,
      weight: 1,
      boost: factor,
      contribution: (after.scores[slot] ?? 0) - (before.scores[slot] ?? 0),
      place: place[slot] ?? 0,
      place_without: placeWithout[slot] ?? 0,
    };
    return { ...explained, contributions: [own, ...explained.contributions] };
  };
}
