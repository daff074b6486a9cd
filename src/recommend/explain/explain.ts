// Why an item is in the list, as data and in words. The reason is that of the source that counted most for it.
import { NO_ITEM, toCatalogItem, type CatalogItem } from "../../catalog/catalog-item.ts";
import type { Catalog } from "../../catalog/catalog.ts";
import type { ShopperContext } from "../context.ts";
import type { Reason, SourceName } from "../contract.ts";

const SEEN_BEFORE: Reason = { code: "seen_before", text: "Seen before" };

/** Sources whose reason is an item that the shopper touched. */
const MODEST: ReadonlySet<string> = new Set<SourceName>([
  "next_item",
  "session_knn",
  "co_visitation",
  "ranking",
  "similar",
  "bought_together",
]);

/** `anchor`: the item of the context that led to this one, or NO_ITEM where the source does not say. */
export function explain(
  catalog: Catalog,
  context: ShopperContext,
  item: number,
  source: SourceName | "fallback" | "pinned",
  anchor: CatalogItem,
  carriedByPrice: boolean,
): Reason {
  // Whatever source had it: a reason that names the item itself, or one much like what was just left, tells nothing.
  if (context.seen.has(toCatalogItem(item)) && MODEST.has(source)) return SEEN_BEFORE;
  if (carriedByPrice) return { code: "for_your_price_level", text: "In your price range" };
  switch (source) {
    case "bought_together":
      return aboutItem(catalog, "bought_together", "Often bought together with", anchor);
    case "similar":
      return aboutItem(catalog, "similar_to", "Similar to", anchor);
    case "next_item":
    case "session_knn":
    case "co_visitation":
    case "ranking":
      return becauseOf(catalog, context, item, anchor);
    case "recently_viewed":
      return SEEN_BEFORE;
    case "trending_category":
      return aboutCategory(catalog, "trending_in", "Trending in", item);
    case "new_category":
      return aboutCategory(catalog, "new_in", "New in", item);
    case "buy_again":
      return { code: "buy_again", text: "You bought this before" };
    case "trending_here":
      return { code: "popular_here", text: "Popular with visitors like you" };
    case "relevance":
      return { code: "search_result", text: "Found by your search" };
    case "pinned":
      return { code: "chosen_by_shop", text: "Chosen by the shop" };
    case "fallback":
      return { code: "popular", text: "Popular in the shop" };
    default:
      return source satisfies never;
  }
}

/** The item of the context that this one goes with: the anchor, else the last of the same category, else the last. */
function becauseOf(
  catalog: Catalog,
  context: ShopperContext,
  item: number,
  anchor: CatalogItem,
): Reason {
  const category = catalog.category[item] ?? -1;
  const isKin = (other: number) => other !== item && catalog.category[other] === category;
  const kin = context.contextItems.findLast(isKin);
  const last = context.contextItems.findLast((other) => other !== item) ?? NO_ITEM;
  const because = anchor === NO_ITEM || anchor === item ? (kin ?? last) : anchor;
  // Another of the same kind does not go with the cart: it would stand in for what lies there.
  const isSameKind = category !== -1 && catalog.category[because] === category;
  if (context.cart.includes(because) && !isSameKind) {
    return aboutItem(catalog, "because_in_cart", "Goes with your cart:", because);
  }
  return aboutItem(catalog, "because_viewed", "Because you viewed", because);
}

function aboutItem(
  catalog: Catalog,
  code: "because_viewed" | "because_in_cart" | "bought_together" | "similar_to",
  words: string,
  item: number,
): Reason {
  const item_id = catalog.ids[item];
  if (item_id === undefined) return { code: "picked_for_you", text: "Picked for you" };
  return { code, text: `${words} ${catalog.titles.get(item) ?? item_id}`, item_id };
}

function aboutCategory(
  catalog: Catalog,
  code: "trending_in" | "new_in",
  words: string,
  item: number,
): Reason {
  const category = catalog.categories.texts[catalog.category[item] ?? -1];
  if (category !== undefined) return { code, text: `${words} ${category}`, category };
  return code === "new_in"
    ? { code: "new", text: "New in the shop" }
    : { code: "popular", text: "Popular in the shop" };
}
