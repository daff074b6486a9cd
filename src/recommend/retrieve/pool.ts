// The candidates of one request: what each source said about each item. The blend reads it now, a ranking model can later.
import { NO_ITEM, toCatalogItem, type CatalogItem } from "../../catalog/catalog-item.ts";
import { SOURCES } from "../contract.ts";
import type { SourceName } from "../contract.ts";
import type { PageCursor } from "../paging.ts";
import type { Policy } from "../rules/policy.ts";

/** As many as a ranking model may be asked to score in one request. */
export const MAX_CANDIDATES = 500;

/** No source proposes more, so that none fills the pool alone; but for a list that the shop gave, which is the pool. */
export const MAX_PER_SOURCE = 100;
/** For one page of usual length fewer do: what they leave out would hardly come to stand on it. */
const USUAL_PER_SOURCE = 20;
/** Unless the shop wants what stands further down to come up. */
const MOVED_PER_SOURCE = 50;
const USUAL_PAGE = 20;

/** What a source may bring in for a list that reaches as far as its page, the pages before it included. */
export function maxPerSource(
  { limit, cursor }: { limit: number; cursor: PageCursor | null },
  { diversity = 0, max_per_category, boosts = [] }: Policy,
): number {
  if (limit + (cursor?.shown.length ?? 0) > USUAL_PAGE) return MAX_PER_SOURCE;
  const moves = diversity > 0 || max_per_category !== undefined || boosts.length > 0;
  return moves ? MOVED_PER_SOURCE : USUAL_PER_SOURCE;
}

/** The list that the shop gave, the few items that may come again, and the candidates of a ranking model, which come last. */
const UNBOUNDED: ReadonlySet<SourceName> = new Set(["relevance", "recently_viewed", "ranking"]);

const COLUMN = new Map<SourceName, number>(SOURCES.map((name, column) => [name, column]));

/** One proposal list, in catalogue numbers, best first. `anchors[i]`: the item of the context that led to `items[i]`, or -1. */
export type Proposal = {
  source: SourceName;
  items: ArrayLike<number>;
  scores: ArrayLike<number>;
  anchors?: ArrayLike<number>;
};

export class CandidatePool {
  /** Numbers of the items, in order of first proposal. */
  readonly items: CatalogItem[] = [];
  /** Rank from 1 that a source gave an item, 0 = not proposed; [items, sources]. */
  readonly ranks = new Uint16Array(MAX_CANDIDATES * SOURCES.length);
  /** The sources' own scores, not comparable between sources; [items, sources]. */
  readonly scores = new Float32Array(MAX_CANDIDATES * SOURCES.length);
  readonly #perSource: number;
  readonly #anchors = new Map<number, CatalogItem>();
  readonly #slots = new Map<number, number>();

  /** @param perSource see `maxPerSource` */
  constructor(perSource: number) {
    this.#perSource = perSource;
  }

  /** Takes in the eligible ones of a proposal, as many as its source may bring. */
  add(proposal: Proposal, accept: (item: number) => boolean): void {
    const column = COLUMN.get(proposal.source) ?? 0;
    const most = UNBOUNDED.has(proposal.source) ? MAX_CANDIDATES : this.#perSource;
    let rank = 0;
    for (let i = 0; i < proposal.items.length && rank < most; i++) {
      const item = toCatalogItem(proposal.items[i] ?? NO_ITEM);
      const slot = this.#slots.get(item) ?? this.#open(item, accept);
      if (slot === -1) continue;
      const index = slot * SOURCES.length + column;
      if (this.ranks[index] !== 0) continue;
      rank += 1;
      this.ranks[index] = rank;
      this.scores[index] = proposal.scores[i] ?? 0;
      const anchor = toCatalogItem(proposal.anchors?.[i] ?? NO_ITEM);
      if (anchor !== NO_ITEM) this.#anchors.set(index, anchor);
    }
  }

  /** The item of the context that led the source to this candidate, or NO_ITEM. */
  anchorOf(slot: number, source: SourceName): CatalogItem {
    return this.#anchors.get(slot * SOURCES.length + (COLUMN.get(source) ?? 0)) ?? NO_ITEM;
  }

  slotOf(item: number): number {
    return this.#slots.get(item) ?? -1;
  }

  #open(item: CatalogItem, accept: (item: number) => boolean): number {
    if (this.items.length >= MAX_CANDIDATES || !accept(item)) return -1;
    const slot = this.items.length;
    this.items.push(item);
    this.#slots.set(item, slot);
    return slot;
  }
}
