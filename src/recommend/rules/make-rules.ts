// The rules of one request: those of its surface, as the shop declared them, and its own together.
import type { Catalog } from "../../catalog/catalog.ts";
import type { CompiledPolicy } from "./compile-policy.ts";
import type { ShopperContext } from "../context.ts";
import type { RecommendRequest } from "../contract.ts";
import type { Policy } from "./policy.ts";
import type { Rules } from "./rules.ts";
import type { SurfaceSettings } from "../surfaces.ts";

const NOTHING: ReadonlySet<number> = new Set();

export function makeRules(
  catalog: Catalog,
  request: RecommendRequest,
  settings: SurfaceSettings,
  declared: { policy: Policy; compiled: CompiledPolicy },
  context: ShopperContext,
): Rules {
  const { policy, compiled } = declared;
  const named = [...request.exclude, ...(request.item_id === null ? [] : [request.item_id])];
  const excluded = new Set<number>(named.map((id) => catalog.find(id)));
  // Who asks for everything gets everything; but a cart is not completed by what lies in it. Of a list that the shop gave,
  // or that was searched for, nothing is left out.
  const isGiven = request.given !== null;
  const isMixed = isGiven || (request.seen === "allow" && request.surface !== "cart");
  const isRecent = request.surface === "recent";
  if (!isMixed) for (const item of context.cart) excluded.add(item);
  if (!isMixed && policy.bought === undefined) {
    for (const item of context.atHand) excluded.add(item);
  }
  const shown = request.cursor?.shown ?? [];
  return {
    limit: request.limit,
    excluded,
    banned: compiled.excluded,
    shown: shown.length === 0 ? NOTHING : new Set(shown),
    only: isRecent
      ? context.seen
      : request.given === null
        ? null
        : new Set(request.given.map(({ item_id }) => catalog.find(item_id))),
    standing: isGiven ? null : isMixed ? [] : [...excluded],
    categories: request.category === null ? null : catalog.matchCategory(request.category),
    allowedCategories: compiled.categories,
    forbiddenCategories: compiled.notCategories,
    allowedBrands: compiled.brands,
    forbiddenBrands: compiled.notBrands,
    facets: compiled.facets,
    minPrice: higher(request.min_price, compiled.minPrice),
    maxPrice: lower(request.max_price, compiled.maxPrice),
    seen: isRecent ? "allow" : (request.seen ?? policy.seen ?? settings.seen),
    seenItems: context.seen,
    bought: policy.bought ?? "allow",
    boughtItems: context.bought,
    pinned: movePins(compiled.pinned, shown.length),
    maxPerCategory: policy.max_per_category ?? capOf(request, settings),
    allowUnlisted: catalog.listed === 0 && catalog.cursor === 0,
  };
}

/** Variety is for finding: who asks for what comes next whatever it is, or for one category, gets no less likely items. */
function capOf(
  { category, limit, seen }: RecommendRequest,
  settings: SurfaceSettings,
): number | null {
  const share = category === null && seen !== "allow" ? settings.categoryShare : null;
  return share === null ? null : Math.max(1, Math.ceil(limit * share));
}

/** Of two bounds the one that lets less through. */
const higher = (a: number | null, b: number | null) =>
  a === null || b === null ? (a ?? b) : Math.max(a, b);
const lower = (a: number | null, b: number | null) =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);

/** Positions over all pages become positions on this page. */
function movePins(pinned: ReadonlyMap<number, number>, first: number): ReadonlyMap<number, number> {
  if (first === 0 || pinned.size === 0) return pinned;
  return new Map([...pinned].map(([index, item]) => [index - first, item]));
}
