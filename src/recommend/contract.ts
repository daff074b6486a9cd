// What goes into a recommendation and what comes out: plain data, free of HTTP and storage.
import type { FeatureGroup } from "./feature-groups.ts";
import type { PageCursor } from "./paging.ts";
import type { Visit } from "../live/segment-trends.ts";
import type { Timing } from "./stopwatch.ts";

/** `recent`: what the shopper may want to go back to, and nothing else. */
export const PAGES = ["home", "product", "cart", "category", "recent"] as const;
/** What the pipeline can be asked for: the pages, and the item lists that have routes of their own. */
export const SURFACES = [...PAGES, "similar", "bought_together", "trending", "rerank"] as const;
export type Surface = (typeof SURFACES)[number];

/**
 * What becomes of items that the shopper has seen already. `demote`: behind all that is new.
 */
export const SEEN_POLICIES = ["allow", "demote", "exclude"] as const;
export type SeenPolicy = (typeof SEEN_POLICIES)[number];

/** One of the ids to be put in order: `score` is the shop's own, higher is better. */
export type Given = { item_id: string; score: number };

export type RecommendRequest = {
  surface: Surface;
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
  visit: Visit;
  /** What the pages before have shown; null for the first. */
  cursor: PageCursor | null;
  /** Whether each item comes with what each source did for it. */
  explain: boolean;
  /** Only these, the shop's best first; null for the whole catalogue. */
  given: readonly Given[] | null;
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
  "trending_here",
  "relevance",
  "ranking",
  "recently_viewed",
] as const;
export type SourceName = (typeof SOURCES)[number];

export type Reason =
  | {
      code: "because_viewed" | "because_in_cart" | "bought_together" | "similar_to";
      text: string;
      item_id: string;
    }
  | { code: "trending_in" | "new_in"; text: string; category: string }
  | {
      code:
        | "seen_before"
        | "chosen_by_shop"
        | "buy_again"
        | "picked_for_you"
        | "popular"
        | "popular_here"
        | "for_your_price_level"
        | "new"
        | "search_result";
      text: string;
    };

/** What one source did for one item, as `explain` shows it. `rank` and `place` are ranks from 0. */
export type Contribution = {
  source: SourceName;
  /** Where the source itself had the item, and with which score. */
  rank: number;
  source_score: number;
  weight: number;
  /** What the shop's boosts multiply it by. */
  boost: number;
  /** The item's score falls by this without the source. */
  contribution: number;
  /** Among all candidates before the rules, with and without the source. */
  place: number;
  place_without: number;
};

/** What a group of the ranking model's features did for one item, found by setting it to what it is on average. */
export type FeatureContribution = {
  group: FeatureGroup;
  /** The item's score falls by this without the group. */
  contribution: number;
  /** Among all candidates before the rules, with and without the group. */
  place: number;
  place_without: number;
};

export type RecommendedItem = {
  /** Number in the catalogue snapshot. */
  item: number;
  score: number;
  /** The source that spoke loudest for it, or `fallback`. */
  source: SourceName | "fallback" | "pinned";
  /** The variant of the experiment that brought it in, or null. */
  variant: string | null;
  /** The next-item model that took part in bringing it in, or null. */
  model_version: string | null;
  reason: Reason;
  /** Largest first; null where nobody asked. */
  contributions: Contribution[] | null;
  /** The same of the ranking model's features; empty where the blend put it in order. */
  features: FeatureContribution[] | null;
};

/** What was missing or too late for this answer. */
export type Degradation = "catalog" | "events" | "model" | "rules" | "shopper";

export type Recommendation = {
  /** Pseudonym under which the shopper is known now: that of the user whom an anonymous one has become. */
  shopper: string | null;
  recommendation_id: string;
  /** Position of the first item, over all pages. */
  first: number;
  items: RecommendedItem[];
  /** For the next page; null where this is the last. */
  next: PageCursor | null;
  experiment: string | null;
  /** Version of the next-item model that took part, or null. */
  model_version: string | null;
  /** Version of the ranking model that put the list in order; null where the blend did. */
  ranking_version: string | null;
  /** Whether the shopper's own history took part. */
  personal: boolean;
  degraded: Degradation[];
  /** By stage, then the parts of `rank`, of each way to rank. A Worker's clock stands still while it computes: only waiting shows. */
  timings: Timing[];
};
