// The features of a ranking model in groups that a shop's engineer can make sense of: what `explain` takes away at a
// time, and what a declared weight of 0 switches off.
import { featureNames } from "../../models/ranking/features/features.ts";
import type { FeatureSources } from "../../models/ranking/features/features.ts";
import { SESSION_FEATURES } from "../../models/ranking/features/session-features.ts";
import { SIMILARITY_FEATURES } from "../../models/ranking/features/similarity-features.ts";

export const FEATURE_GROUPS = [
  "next_item",
  "session_knn",
  "co_visitation",
  "popularity",
  "session",
  "likeness",
  "price",
  "taste",
  "history",
  "shopper",
] as const;
export type FeatureGroup = (typeof FEATURE_GROUPS)[number];

const HISTORY = ["touch", "was_carted", "in_cart", "bought"];
const TASTE = ["category_share", "brand_share", "same_category", "same_brand", "category_in_cart"];

/** The group of each feature, in the order of the features. */
export function groupFeatures(sources: FeatureSources): FeatureGroup[] {
  const encoders = new Set(sources.names.slice(sources.names.length - sources.encoders));
  return featureNames(sources).map((name) => groupOf(name, encoders));
}

function groupOf(name: string, encoders: ReadonlySet<string>): FeatureGroup {
  const [prefix = "", own] = name.split(".");
  if (prefix === "shopper" && own !== undefined) return groupOfShopper(own);
  if (encoders.has(prefix)) return "next_item";
  if (own !== undefined) {
    if (prefix === "vmis-knn") return "session_knn";
    return prefix.startsWith("popularity") ? "popularity" : "co_visitation";
  }
  if (SESSION_FEATURES.some((each) => each === name)) return "session";
  return SIMILARITY_FEATURES.some((each) => each === name) ? "likeness" : "popularity";
}

function groupOfShopper(name: string): FeatureGroup {
  const has = (parts: readonly string[]) => parts.some((part) => name.includes(part));
  if (name.includes("price")) return "price";
  if (has(TASTE)) return "taste";
  return has(HISTORY) ? "history" : "shopper";
}
