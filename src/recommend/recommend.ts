// The use case: from a request to a list with reasons. It reads everything through `RecommendDeps`; what is
// missing or late makes the answer poorer and is said in it, but never makes it fail.
import type { ShopperState } from "../../durable/state/shopper.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { blend, loudestSource } from "./blend.ts";
import { readContext } from "./context.ts";
import type { Degradation, Recommendation, RecommendedItem, RecommendRequest } from "./contract.ts";
import { listContributions } from "./contributions.ts";
import { explain } from "./explain.ts";
import { listFallbacks } from "./fallback.ts";
import type { LiveIndex } from "./live-index.ts";
import type { NextItemSource } from "./next-item.ts";
import { retrieve } from "./retrieve.ts";
import { makeRules } from "./make-rules.ts";
import { MAX_SHOWN, markItem } from "./paging.ts";
import type { PageCursor } from "./paging.ts";
import { applyRules } from "./rules.ts";
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
  const retrieved = await retrieve(deps, weights, context, rules, request);
  if (retrieved.failed) degraded.add("model");
  mark("retrieve");

  const { pool } = retrieved;
  const blended = blend(pool, weights);
  mark("rank");

  const ranking = blended.order.map((slot) => pool.items[slot] ?? -1);
  const placed = applyRules(catalog, rules, listFallbacks(ranking, deps, rules));
  mark("rules");

  const contributions = request.explain ? listContributions(pool, weights) : null;
  const items = placed.map(({ item }): RecommendedItem => {
    const slot = pool.slotOf(item);
    const source = slot === -1 ? "fallback" : (loudestSource(pool, slot, weights) ?? "fallback");
    const anchor = source === "fallback" ? -1 : pool.anchorOf(slot, source);
    const score = blended.scores[slot] ?? 0;
    return {
      item,
      score,
      source,
      reason: explain(catalog, context, item, source, anchor),
      contributions: contributions === null ? null : slot === -1 ? [] : contributions(slot),
    };
  });
  mark("explain");

  const recommendation_id = request.cursor?.recommendation_id ?? deps.createId();
  const shown = [
    ...(request.cursor?.shown ?? []),
    ...items.map(({ item }) => markItem(catalog.ids[item] ?? "")),
  ];
  return {
    recommendation_id,
    first: shown.length - items.length,
    items,
    next: continueList(request, { recommendation_id, shown }, items.length),
    model_version: retrieved.modelVersion,
    personal: context.personal,
    degraded: [...degraded],
    timings: marks.slice(1).map(({ name, at }, i) => ({ name, ms: at - (marks[i]?.at ?? at) })),
  };
}

/** The cursor of the next page, or null where this one came short or enough was shown. */
function continueList(
  { limit }: RecommendRequest,
  cursor: PageCursor,
  length: number,
): PageCursor | null {
  return length === limit && cursor.shown.length < MAX_SHOWN ? cursor : null;
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
