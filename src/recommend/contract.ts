// What goes into a recommendation and what comes out: plain data, free of HTTP and storage.

export const SURFACES = ["home", "product", "cart"] as const;
export type Surface = (typeof SURFACES)[number];
/** What the pipeline can be asked for: the pages, and the item lists that have routes of their own. */
export type Purpose = Surface | "similar" | "bought_together" | "trending";

/**
 * What becomes of items that the shopper has seen already. `demote`: behind those of the same list that are new.
 */
export const SEEN_POLICIES = ["allow", "demote", "exclude"] as const;
export type SeenPolicy = (typeof SEEN_POLICIES)[number];

export type RecommendRequest = {
  purpose: Purpose;
  /** Pseudonym of the shopper, or null for a request that names none or may not be personal. */
  shopper: string | null;
  /** The item in view. */
  item_id: string | null;
  limit: number;
  exclude: readonly string[];
  category: string | null;
  /** Minor units, both inclusive. */
  min_price: number | null;
  max_price: number | null;
  /** null: as the surface has it. */
  seen: SeenPolicy | null;
};

/** Where candidates come from. The order is that of the columns of a candidate pool. */
export const SOURCES = [
  "next_item",
  "session_knn",
  "co_visitation",
  "bought_together",
  "similar",
  "trending_category",
  "new_category",
  "buy_again",
] as const;
export type SourceName = (typeof SOURCES)[number];

export type Reason =
  | {
      code: "because_viewed" | "because_in_cart" | "bought_together" | "similar_to";
      text: string;
      item_id: string;
    }
  | { code: "trending_in" | "new_in"; text: string; category: string }
  | { code: "buy_again" | "picked_for_you" | "popular" | "new"; text: string };

export type RecommendedItem = {
  /** Number in the catalogue snapshot. */
  item: number;
  score: number;
  /** The source that spoke loudest for it, or `fallback`. */
  source: SourceName | "fallback";
  reason: Reason;
};

/** What was missing or too late for this answer. */
export type Degradation = "catalog" | "events" | "model" | "shopper";

export type Recommendation = {
  recommendation_id: string;
  items: RecommendedItem[];
  /** Version of the next-item model that took part, or null. */
  model_version: string | null;
  /** Whether the shopper's own history took part. */
  personal: boolean;
  degraded: Degradation[];
  /** ms by stage. A Worker's clock stands still while it computes: only waiting shows. */
  timings: { name: string; ms: number }[];
};
