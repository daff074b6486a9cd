// The rules of one request: those of its surface and its own together.
import type { Catalog } from "../catalog/catalog.ts";
import type { ShopperContext } from "./context.ts";
import type { RecommendRequest } from "./contract.ts";
import type { Rules } from "./rules.ts";
import type { Surface } from "./surfaces.ts";

export function makeRules(
  catalog: Catalog,
  request: RecommendRequest,
  surface: Surface,
  context: ShopperContext,
): Rules {
  const named = [...request.exclude, ...(request.item_id === null ? [] : [request.item_id])];
  const excluded = new Set(named.map((id) => catalog.find(id)));
  if (request.purpose === "cart") for (const item of context.cart) excluded.add(item);
  const share = request.category === null ? surface.categoryShare : null;
  return {
    limit: request.limit,
    excluded,
    shown: new Set(request.cursor?.shown),
    only:
      request.given === null
        ? null
        : new Set(request.given.map(({ item_id }) => catalog.find(item_id))),
    categories: request.category === null ? null : catalog.matchCategory(request.category),
    minPrice: request.min_price,
    maxPrice: request.max_price,
    seen: request.seen ?? surface.seen,
    seenItems: context.seen,
    maxPerCategory: share === null ? null : Math.max(1, Math.ceil(request.limit * share)),
    allowUnlisted: catalog.listed === 0 && catalog.cursor === 0,
  };
}
