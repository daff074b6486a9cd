// How each list is made: its sources with their weights, and its defaults. Data, so that it can be declared elsewhere later.
import type { Surface, SeenPolicy, SourceName } from "./contract.ts";

export type SourceWeights = Partial<Record<SourceName, number>>;

/** How much each answer of a ranking model counts. */
export type HeadWeights = { click: number; cart: number; purchase: number };

export type SurfaceSettings = {
  /** Weights by length of the context: none, one item, two to four, more. A source of weight 0 is not asked. */
  weights: readonly [SourceWeights, SourceWeights, SourceWeights, SourceWeights];
  seen: SeenPolicy;
  /** Share of the list that one category may take before the others get their turn; null = all of it. */
  categoryShare: number | null;
  /** Whether the shopper's history is read. */
  personal: boolean;
  /** What a ranking model orders the list by; null where it does not. */
  heads: HeadWeights | null;
};

/** Without a context there is nothing personal but affinities: what trends in liked categories, and what is new there. */
const NO_CONTEXT: SourceWeights = {
  trending_category: 1,
  trending_here: 0.8,
  new_category: 0.3,
  buy_again: 0.5,
};

/**
 * The encoder knows long contexts best; counting neighbours is surer on short ones. Content stands in for both
 * where an item has no history.
 */
const SHORT: SourceWeights = {
  next_item: 1,
  session_knn: 1,
  co_visitation: 0.6,
  similar: 0.2,
  trending_category: 0.1,
  new_category: 0.05,
};
const MIDDLE: SourceWeights = { ...SHORT, co_visitation: 0.4, similar: 0.1 };
const LONG: SourceWeights = { ...MIDDLE, session_knn: 0.7, co_visitation: 0.3 };

/** What comes next. */
const NEXT: HeadWeights = { click: 1, cart: 0, purchase: 0 };
/** In the cart a click is the way there, not the aim. */
const BASKET: HeadWeights = { click: 0.5, cart: 0.25, purchase: 0.25 };

const HOME: SourceWeights = { buy_again: 0.3, recently_viewed: 1 };
const PRODUCT: SourceWeights = { recently_viewed: 1 };
const CART: SourceWeights = { bought_together: 1.5, similar: 0, recently_viewed: 1 };

/** Within one category its trends say more than across the shop. */
const CATEGORY: SourceWeights = { trending_category: 0.5, trending_here: 0.2, new_category: 0.2 };
/** Where the shopper left off. */
const RECENT: SourceWeights = { recently_viewed: 1 };
/** What was searched for leads; the rest moves what the shopper would choose up among it. */
const RERANK: SourceWeights = { relevance: 2, bought_together: 0.3, buy_again: 0.5 };

export const SURFACE_TABLE: Record<Surface, SurfaceSettings> = {
  home: {
    weights: [NO_CONTEXT, { ...SHORT, ...HOME }, { ...MIDDLE, ...HOME }, { ...LONG, ...HOME }],
    seen: "demote",
    categoryShare: 0.6,
    personal: true,
    heads: NEXT,
  },
  product: {
    weights: [
      NO_CONTEXT,
      { ...SHORT, ...PRODUCT, similar: 0.5 },
      { ...MIDDLE, ...PRODUCT, similar: 0.3 },
      { ...LONG, ...PRODUCT, similar: 0.2 },
    ],
    seen: "demote",
    categoryShare: null,
    personal: true,
    heads: NEXT,
  },
  cart: {
    weights: [NO_CONTEXT, { ...SHORT, ...CART }, { ...MIDDLE, ...CART }, { ...LONG, ...CART }],
    seen: "demote",
    categoryShare: 0.6,
    personal: true,
    heads: BASKET,
  },
  category: {
    weights: [
      NO_CONTEXT,
      { ...SHORT, ...CATEGORY },
      { ...MIDDLE, ...CATEGORY },
      { ...LONG, ...CATEGORY },
    ],
    seen: "allow",
    categoryShare: null,
    personal: true,
    heads: NEXT,
  },
  rerank: {
    weights: [
      { ...NO_CONTEXT, ...RERANK },
      { ...SHORT, ...RERANK },
      { ...MIDDLE, ...RERANK },
      { ...LONG, ...RERANK },
    ],
    seen: "allow",
    categoryShare: null,
    personal: true,
    heads: NEXT,
  },
  recent: {
    weights: [{}, RECENT, RECENT, RECENT],
    seen: "allow",
    categoryShare: null,
    personal: true,
    heads: null,
  },
  similar: sameForAll({ similar: 1, co_visitation: 0.3, next_item: 0.3 }),
  bought_together: sameForAll({ bought_together: 1, co_visitation: 0.1 }),
  trending: sameForAll({}),
};

function sameForAll(weights: SourceWeights): SurfaceSettings {
  const all = [weights, weights, weights, weights] as const;
  return { weights: all, seen: "allow", categoryShare: null, personal: false, heads: null };
}

/** The weights for a context of this many items. */
export function weightsFor(settings: SurfaceSettings, contextLength: number): SourceWeights {
  const [none, one, few, many] = settings.weights;
  if (contextLength === 0) return none;
  if (contextLength === 1) return one;
  return contextLength < 5 ? few : many;
}
