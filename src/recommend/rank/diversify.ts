// Puts unlike items next to each other: maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998). Pure.
import { compareSketches } from "../../catalog/sketch.ts";
import type { Catalog } from "../../catalog/catalog.ts";

/** Candidates among which the next one is looked for; further down nothing is relevant enough to win. */
const WINDOW = 100;

export type Scored = { item: number; score: number };

/**
 * The same items in another order: the first `count` chosen one by one as the most relevant that is least like those
 * chosen before, the rest as they were.
 *
 * @param ranked best first, scores not negative
 * @param similarity of two items, 0..1
 * @param diversity 0 = by score, 1 = by unlikeness alone
 */
export function diversify(
  ranked: readonly Scored[],
  similarity: (a: number, b: number) => number,
  diversity: number,
  count: number,
): Scored[] {
  const highest = ranked[0]?.score ?? 0;
  if (diversity === 0 || highest <= 0) return [...ranked];
  const window = ranked.slice(0, Math.max(WINDOW, count));
  /** Likeness of each to the most alike chosen so far. */
  const likeness = window.map(() => 0);
  const isChosen = window.map(() => false);
  const chosen: Scored[] = [];
  while (chosen.length < Math.min(count, window.length)) {
    let best = -1;
    let most = Number.NEGATIVE_INFINITY;
    window.forEach(({ score }, index) => {
      if (isChosen[index] === true) return;
      const gain = (1 - diversity) * (score / highest) - diversity * (likeness[index] ?? 0);
      if (gain > most) {
        most = gain;
        best = index;
      }
    });
    const next = window[best];
    if (next === undefined) break;
    isChosen[best] = true;
    chosen.push(next);
    window.forEach(({ item }, index) => {
      if (isChosen[index] === true) return;
      likeness[index] = Math.max(likeness[index] ?? 0, similarity(next.item, item));
    });
  }
  const rest = window.filter((_, index) => isChosen[index] !== true);
  return [...chosen, ...rest, ...ranked.slice(window.length)];
}

/** Half for the category, the rest for brand and words of the title. 0..1. */
export function likenessIn(catalog: Catalog): (a: number, b: number) => number {
  const isShared = (column: Int32Array, a: number, b: number) =>
    column[a] !== -1 && column[a] === column[b] ? 1 : 0;
  return (a, b) =>
    0.5 * isShared(catalog.category, a, b) +
    0.2 * isShared(catalog.brand, a, b) +
    0.3 * compareSketches(catalog.sketch, a, b);
}
