// The retrieval sources: each proposes items for a context. The ones here answer at once from memory.
import { compareSketches } from "../../catalog/sketch.ts";
import type { CatalogItem } from "../../catalog/catalog-item.ts";
import type { Catalog } from "../../catalog/catalog.ts";
import type { Given, SourceName } from "../contract.ts";
import type { LiveIndex } from "../../live/live-index.ts";
import { MAX_PER_SOURCE } from "./pool.ts";
import type { Proposal } from "./pool.ts";
import { selectTop } from "../../catalog/top-k.ts";
import type { Visit } from "../../live/segment-trends.ts";

/** Last items of the context whose co-occurring items are looked up one by one; older ones say little. */
const ANCHORS = 3;
/** Each step back counts less by this factor. */
const ANCHOR_DECAY = 0.6;
/** Items of a category that are compared with the one in view, the newest entries; bounds a request's work. */
const COMPARED = 2000;
/** ms that an item stays new. */
const NEW_FOR = 30 * 24 * 3_600_000;

/** Whose word on single items is asked for. */
const RETRIEVERS = { co_visitation: "coVisitation", bought_together: "boughtTogether" } as const;

/** Neighbours of the session as a whole. */
export function proposeNeighbours(live: LiveIndex, contextItems: readonly CatalogItem[]): Proposal {
  const candidates = live.propose("sessionKnn", contextItems, MAX_PER_SOURCE);
  return {
    source: "session_knn",
    items: candidates.map(({ item }) => item),
    scores: candidates.map(({ score }) => score),
  };
}

/** What occurs together with the last items of the context, each with the item that it goes with. Items of the context may come again. */
export function proposeCoOccurring(
  live: LiveIndex,
  source: keyof typeof RETRIEVERS,
  contextItems: readonly CatalogItem[],
): Proposal {
  const best = new Map<CatalogItem, { score: number; sum: number; anchor: CatalogItem }>();
  let weight = 1;
  for (const anchor of contextItems.slice(-ANCHORS).toReversed()) {
    for (const { item, score } of live.propose(RETRIEVERS[source], [anchor], MAX_PER_SOURCE)) {
      const own = score * weight;
      const held = best.get(item);
      if (held === undefined) best.set(item, { score: own, sum: own, anchor });
      else {
        held.sum += own;
        if (own > held.score) Object.assign(held, { score: own, anchor });
      }
    }
    weight *= ANCHOR_DECAY;
  }
  const ranked = [...best].sort(([a, left], [b, right]) => right.sum - left.sum || a - b);
  return {
    source,
    items: ranked.map(([item]) => item),
    scores: ranked.map(([, { sum }]) => sum),
    anchors: ranked.map(([, { anchor }]) => anchor),
  };
}

/** Items of the same category by words of the title, brand and price: it needs no history at all. */
export function proposeSimilar(
  catalog: Catalog,
  anchor: number,
  accept: (item: number) => boolean,
): Proposal {
  const category = catalog.category[anchor] ?? -1;
  const members = (catalog.members[category] ?? []).slice(-COMPARED);
  const likeness = members.map((item) => likenessOf(catalog, anchor, item));
  const isOther = (index: number) => {
    const item = members[index] ?? -1;
    return item !== anchor && catalog.category[item] === category && accept(item);
  };
  const top = selectTop(likeness, members.length, MAX_PER_SOURCE, isOther);
  const items = Array.from(top.indexes, (index) => members[index] ?? -1);
  return { source: "similar", items, scores: top.scores, anchors: items.map(() => anchor) };
}

/** 0..3: shared words of the title, the same brand, a like price. */
function likenessOf(catalog: Catalog, a: number, b: number): number {
  const words = compareSketches(catalog.sketch, a, b);
  const brand = catalog.brand[a] ?? -1;
  const sameBrand = brand !== -1 && brand === catalog.brand[b] ? 1 : 0;
  const priceA = catalog.price[a] ?? -1;
  const priceB = catalog.price[b] ?? -1;
  const ratio = priceA > 0 && priceB > 0 ? Math.min(priceA, priceB) / Math.max(priceA, priceB) : 0;
  return words + sameBrand + ratio;
}

/** What trends in these categories, best category first, taken in turns. */
export function proposeTrending(
  catalog: Catalog,
  live: LiveIndex,
  categories: readonly number[],
): Proposal {
  const lists = categories.map((code) =>
    live.trending.rankCategory(code, catalog.members[code] ?? []),
  );
  return rankOnly("trending_category", interleave(lists));
}

/** What trends with those who come from the same country, site or kind of device. */
export function proposeHere(live: LiveIndex, visit: Visit): Proposal {
  return rankOnly("trending_here", interleave(live.segments.list(visit).map(({ items }) => items)));
}

/** What the shop found itself, in its own order. Ids that the catalogue does not know are passed over. */
export function proposeGiven(catalog: Catalog, given: readonly Given[]): Proposal {
  const known = given
    .map(({ item_id, score }) => ({ item: catalog.find(item_id), score }))
    .filter(({ item }) => item !== -1)
    .toSorted((a, b) => b.score - a.score);
  return {
    source: "relevance",
    items: known.map(({ item }) => item),
    scores: known.map(({ score }) => score),
  };
}

/** New items of these categories. A new item has no history: this is its way to be seen. */
export function proposeNew(catalog: Catalog, categories: readonly number[], now: number): Proposal {
  const isNew = (item: number) => now - (catalog.createdAt[item] ?? 0) < NEW_FOR;
  const liked = (item: number) => categories.includes(catalog.category[item] ?? -1);
  return rankOnly(
    "new_category",
    catalog.newest.filter((item) => liked(item) && isNew(item)),
  );
}

/** A proposal whose only score is the rank. */
export function rankOnly(source: SourceName, items: readonly number[]): Proposal {
  return { source, items, scores: items.map((_, rank) => 1 / (rank + 1)) };
}

function interleave(lists: readonly (readonly number[])[]): number[] {
  const longest = Math.max(0, ...lists.map((list) => Math.min(list.length, MAX_PER_SOURCE)));
  const merged: number[] = [];
  for (let rank = 0; rank < longest; rank++) {
    for (const list of lists) {
      const item = list[rank];
      if (item !== undefined) merged.push(item);
    }
  }
  return merged;
}
