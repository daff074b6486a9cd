// What each source did for each item of a list, found by taking it away: the score and the rank without it.
import { blend, contribution } from "./blend.ts";
import { SOURCES } from "../contract.ts";
import type { Contribution } from "../contract.ts";
import type { CandidatePool } from "../retrieve/pool.ts";
import type { SourceWeights } from "../surfaces.ts";

/** Contributions of each slot, the largest first. One blend for each source: for `explain=1` only. */
export function listContributions(
  pool: CandidatePool,
  weights: SourceWeights,
  boost: ((item: number) => number) | null = null,
): (slot: number) => Contribution[] {
  const withAll = ranksOf(blend(pool, weights, boost).order);
  const without = SOURCES.map((source) =>
    (weights[source] ?? 0) > 0
      ? ranksOf(blend(pool, { ...weights, [source]: 0 }, boost).order)
      : null,
  );
  return (slot) => {
    const list: Contribution[] = [];
    const factor = boost?.(pool.items[slot] ?? -1) ?? 1;
    SOURCES.forEach((source, column) => {
      const index = slot * SOURCES.length + column;
      const rank = pool.ranks[index] ?? 0;
      if (rank === 0) return;
      list.push({
        source,
        rank: rank - 1,
        source_score: pool.scores[index] ?? 0,
        weight: weights[source] ?? 0,
        boost: factor,
        contribution: factor * contribution(pool, slot, column, weights[source] ?? 0),
        place: withAll[slot] ?? 0,
        place_without: without[column]?.[slot] ?? withAll[slot] ?? 0,
      });
    });
    return list.sort((a, b) => b.contribution - a.contribution);
  };
}

/** Rank from 0 of each slot. */
export function ranksOf(order: readonly number[]): Int32Array {
  const ranks = new Int32Array(order.length);
  order.forEach((slot, rank) => {
    ranks[slot] = rank;
  });
  return ranks;
}
