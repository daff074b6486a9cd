// The use case: from a request to a list with reasons. It reads everything through `RecommendDeps`; what is
// missing or late makes the answer poorer and is said in it, but never makes it fail.
import type { ShopperState } from "../../durable/state/shopper.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { blend, loudestSource } from "./blend.ts";
import { readContext } from "./context.ts";
import type { ShopperContext } from "./context.ts";
import type { Degradation, Recommendation, RecommendedItem, RecommendRequest } from "./contract.ts";
import { explain } from "./explain.ts";
import { listFallbacks } from "./fallback.ts";
import type { LiveIndex } from "./live-index.ts";
import type { NextItemSource } from "./next-item.ts";
import { retrieve } from "./retrieve.ts";
import { applyRules } from "./rules.ts";
import type { Rules } from "./rules.ts";
import { SURFACE_TABLE, weightsFor } from "./surfaces.ts";
import type { Surface } from "./surfaces.ts";

/** The shopper as the object tells; `null` state for one never seen. `personalization`: the consent last given. */
export type ShopperView = { state: ShopperState | null; personalization: boolean };

export type RecommendDeps = {
  catalog: Catalog;
  live: LiveIndex;
  nextItem: NextItemSource | null;
  /** undefined where the shopper cannot be read, or not in time. */
  readShopper: (shopper: string) => Promise<ShopperView | undefined>;
  /** What of the above is not as it should be. */
  degraded: readonly Degradation[];
  /** ms since the epoch. */
  now: number;
  /** A running clock in ms, for the timings. */
  clock: () => number;
  createId: () => string;
};

export async function recommend(
  deps: RecommendDeps,
  request: RecommendRequest,
): Promise<Recommendation> {
  const { catalog } = deps;
  const degraded = new Set(deps.degraded);
  const marks: { name: string; at: number }[] = [{ name: "start", at: deps.clock() }];
  const mark = (name: string) => marks.push({ name, at: deps.clock() });

  const surface = SURFACE_TABLE[request.purpose];
  const state = await readState(deps, request, surface, degraded);
  mark("shopper");

  const context = readContext(catalog, request, state, deps.now);
  const rules = makeRules(catalog, request, surface, context);
  const weights = weightsFor(surface, context.trail.length);
  const retrieved = await retrieve(deps, weights, context, rules);
  if (retrieved.failed) degraded.add("model");
  mark("retrieve");

  const { pool } = retrieved;
  const blended = blend(pool, weights);
  mark("rank");

  const ranking = blended.order.map((slot) => pool.items[slot] ?? -1);
  const placed = applyRules(catalog, rules, listFallbacks(ranking, deps, rules));
  mark("rules");

  const items = placed.map(({ item }): RecommendedItem => {
    const slot = pool.slotOf(item);
    const source = slot === -1 ? "fallback" : (loudestSource(pool, slot, weights) ?? "fallback");
    const anchor = source === "fallback" ? -1 : pool.anchorOf(slot, source);
    const score = blended.scores[slot] ?? 0;
    return { item, score, source, reason: explain(catalog, context, item, source, anchor) };
  });
  mark("explain");

  return {
    recommendation_id: deps.createId(),
    items,
    model_version: retrieved.modelVersion,
    personal: context.personal,
    degraded: [...degraded],
    timings: marks.slice(1).map(({ name, at }, i) => ({ name, ms: at - (marks[i]?.at ?? at) })),
  };
}

/** The shopper's state, or null where there is none, where it may not be used, or where it cannot be had. */
async function readState(
  deps: RecommendDeps,
  request: RecommendRequest,
  surface: Surface,
  degraded: Set<Degradation>,
): Promise<ShopperState | null> {
  if (request.shopper === null || !surface.personal) return null;
  const view = await deps.readShopper(request.shopper);
  if (view === undefined) degraded.add("shopper");
  return view?.personalization === true ? view.state : null;
}

/** The rules of the surface and of the request together. */
function makeRules(
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
    categories: request.category === null ? null : catalog.matchCategory(request.category),
    minPrice: request.min_price,
    maxPrice: request.max_price,
    seen: request.seen ?? surface.seen,
    seenItems: context.seen,
    maxPerCategory: share === null ? null : Math.max(1, Math.ceil(request.limit * share)),
    allowUnlisted: catalog.listed === 0 && catalog.cursor === 0,
  };
}
