// The retrieval sources whose candidates are ranked: the same list in training, evaluation and serving.
import { CoVisitation, createMarkov } from "../../baselines/co-visitation.ts";
import { ItemKnn } from "../../baselines/item-knn.ts";
import { Popularity } from "../../baselines/popularity.ts";
import type { ScoringRetriever } from "../../baselines/retriever.ts";
import { VmisKnn } from "../../baselines/vmis-knn.ts";

/** How much log the sources have to hold, and how long it is. */
export type LogSize = {
  sessions: number;
  clicks: number;
  /** From the first click to the last, ms. */
  span: number;
};

/** "Recent" co-visitation and popularity forget half within this share of the log. */
const RECENT_SHARE = 1 / 28;
/** A pair further apart than this says little that a nearer one does not. */
const PAIR_STEPS = 8;

export type SourceOptions = {
  /** Pairs of items that each source may hold, where memory is short; see `NeighbourLists`. */
  maxPairs?: number;
  /** Sources that have learned already. Those that do not depend on the size of the log are taken over. */
  learned?: readonly ScoringRetriever[];
};

export function createSources(
  { sessions, clicks, span }: LogSize,
  { maxPairs = Infinity, learned = [] }: SourceOptions = {},
): ScoringRetriever[] {
  const takeOver = (source: ScoringRetriever) =>
    learned.find(({ name }) => name === source.name) ?? source;
  const ring = { maxSessions: Math.max(1, sessions), maxClicks: Math.max(1, clicks) };
  const pairs = { maxSteps: PAIR_STEPS, maxPairs };
  const halfLife = Math.max(1, span * RECENT_SHARE);
  return [
    new VmisKnn(ring),
    takeOver(createMarkov({ maxPairs })),
    takeOver(new CoVisitation({ name: "co-visitation-after", ...pairs })),
    takeOver(new CoVisitation({ name: "co-visitation-before", direction: "before", ...pairs })),
    new CoVisitation({ name: "co-visitation-recent", direction: "both", halfLife, ...pairs }),
    takeOver(new ItemKnn({ maxPairs })),
    new Popularity({ name: "popularity-recent", halfLife }),
  ];
}
