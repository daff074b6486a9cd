// An item of the answer: its score, where it came from, why it stands there.
import { NO_ITEM } from "../../catalog/catalog-item.ts";
import type { Catalog } from "../../catalog/catalog.ts";
import { loudestSource } from "../rank/blend.ts";
import type { ShopperContext } from "../context.ts";
import type { RecommendedItem } from "../contract.ts";
import { explain } from "./explain.ts";
import type { RankedVariant } from "../rank/rank.ts";

const NONE = { contributions: [], features: [] };
const UNASKED = { contributions: null, features: null };

/** `armOf`: whose ranking brought an item in. */
export function describeItem(
  catalog: Catalog,
  context: ShopperContext,
  rankedBy: (item: number) => RankedVariant,
): (item: number, pinned: boolean, variant: string | null) => RecommendedItem {
  return (item, pinned, variant) => {
    const ranked = rankedBy(item);
    const slot = ranked.pool.slotOf(item);
    const loudest = slot === -1 ? null : loudestSource(ranked.pool, slot, ranked.weights);
    // A ranking model has candidates of its own, which no other source named.
    const own = slot !== -1 && ranked.rankingVersion !== null ? "ranking" : "fallback";
    const isRevisit = ranked.revisits.has(item);
    const source = pinned ? "pinned" : isRevisit ? "recently_viewed" : (loudest ?? own);
    const isOwn = source !== "pinned" && source !== "fallback";
    const anchor = isOwn ? ranked.pool.anchorOf(slot, source) : NO_ITEM;
    return {
      item,
      score: ranked.scores[slot] ?? 0,
      source,
      variant,
      model_version: ranked.modelVersion,
      reason: explain(
        catalog,
        context,
        item,
        source,
        anchor,
        isOwn && ranked.carriedByPrice.has(item),
      ),
      ...(slot === -1 && ranked.explained !== null ? NONE : (ranked.explained?.(slot) ?? UNASKED)),
    };
  };
}
