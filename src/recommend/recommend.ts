// The use case: from a request to a list with reasons. It reads everything through `RecommendDeps`; what is
// missing or late makes the answer poorer and is said in it, but never makes it fail.
import type { ShopperState } from "../../durable/state/shopper.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { hashText } from "../catalog/hash.ts";
import { chooseArms, chooseShadow } from "./experiment/choose-variants.ts";
import { readContext } from "./context.ts";
import type { ShopperContext } from "./context.ts";
import type { Degradation, Recommendation, RecommendRequest } from "./contract.ts";
import { draftTeams, tossFrom } from "./experiment/team-draft.ts";
import type { Experiment } from "./experiment/contract.ts";
import type { ShadowTask } from "./experiment/shadow.ts";
import { listFallbacks } from "./rules/fallback.ts";
import type { LiveIndex } from "../live/live-index.ts";
import type { FindModels, ModelSet } from "./rank/model-set.ts";
import { MAX_SHOWN, markItem } from "./paging.ts";
import type { PageCursor } from "./paging.ts";
import type { PolicyBook } from "./rules/policy-book.ts";
import { rankArm } from "./rank/rank-variant.ts";
import type { Arm, RankedArm } from "./rank/rank-variant.ts";
import { applyRules } from "./rules/rules.ts";
import { describeItem } from "./explain/describe-item.ts";
import { SURFACE_TABLE } from "./surfaces.ts";
import type { Surface } from "./surfaces.ts";

/**
 * The shopper as the object tells; `null` state for one never seen. `personalization`: the consent last given.
 * `shopper`: the pseudonym under which it is kept now.
 */
export type ShopperView = { shopper: string; state: ShopperState | null; personalization: boolean };

export type RecommendDeps = {
  catalog: Catalog;
  live: LiveIndex;
  policies: PolicyBook;
  experiments: readonly Experiment[];
  /** Of every arm that asks for no others. */
  models: ModelSet;
  /** What a variant of an experiment may ask for in place of them. */
  findModels: FindModels;
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

/** `shadow`: what is to be worked out once the answer is on its way, or null. */
export type Recommended = { recommendation: Recommendation; shadow: ShadowTask | null };

export async function recommend(
  deps: RecommendDeps,
  request: RecommendRequest,
): Promise<Recommended> {
  const { catalog } = deps;
  const degraded = new Set(deps.degraded);
  const marks: { name: string; at: number }[] = [{ name: "start", at: deps.clock() }];
  const mark = (name: string) => marks.push({ name, at: deps.clock() });

  const surface = SURFACE_TABLE[request.purpose];
  const view = await readView(deps, request, surface, degraded);
  const state = view?.personalization === true ? view.state : null;
  const shopper = view?.shopper ?? request.shopper;
  mark("shopper");

  const context = readContext(catalog, request, state, deps.now);
  const recommendation_id = request.cursor?.recommendation_id ?? deps.createId();
  const about = {
    purpose: request.purpose,
    // Who refuses to be personal is no subject of experiments either.
    shopper: view === undefined || view.personalization ? shopper : null,
    policy: deps.policies.of(request.purpose),
    models: deps.models,
    findModels: deps.findModels,
  };
  const { experiment, arms } = chooseArms(about, deps.experiments);
  const ranked = await Promise.all(
    arms.map((arm) => rankSafely(deps, arm, request, surface, context)),
  );
  // A later page says nothing new: what the challenger would have shown on it depends on the pages before.
  const shadow =
    request.cursor === null ? chooseShadow(about, deps.experiments, recommendation_id) : null;
  if (ranked.some(({ failed }) => failed)) degraded.add("model");
  mark("rank");

  const { order, armOf, variantOf, control } = mergeArms(ranked, recommendation_id);
  const placed = applyRules(catalog, control.rules, listFallbacks(order, deps, control.rules));
  mark("rules");

  const describe = describeItem(catalog, context, armOf);
  const items = placed.map(({ item, list }) => describe(item, list === -1, variantOf(item)));
  mark("explain");

  const shown = [
    ...(request.cursor?.shown ?? []),
    ...items.map(({ item }) => markItem(catalog.ids[item] ?? "")),
  ];
  const recommendation = {
    recommendation_id,
    shopper,
    first: shown.length - items.length,
    items,
    next: continueList(request, { recommendation_id, shown }, items.length),
    experiment: experiment?.experiment_id ?? null,
    model_version: control.modelVersion,
    ranking_version: control.rankingVersion,
    personal: context.personal,
    degraded: [...degraded],
    timings: [
      ...marks.slice(1).map(({ name, at }, i) => ({ name, ms: at - (marks[i]?.at ?? at) })),
      ...ranked.flatMap(({ timings }) => timings),
    ],
  };
  return { recommendation, shadow: shadow && { ...shadow, context } };
}

/** A variant whose models fail is answered by those that serve, under the same rules; `failed` stays, and is told. */
async function rankSafely(
  deps: RecommendDeps,
  arm: Arm,
  ...about: [RecommendRequest, Surface, ShopperContext]
): Promise<RankedArm> {
  const ranked = await rankArm(deps, arm, ...about);
  if (!ranked.failed || arm.models === deps.models) return ranked;
  return { ...(await rankArm(deps, { ...arm, models: deps.models }, ...about)), failed: true };
}

type Merged = {
  order: readonly number[];
  /** The arm that speaks for an item. */
  armOf: (item: number) => RankedArm;
  /** The variant that brought it in; null for what two of them have in common. */
  variantOf: (item: number) => string | null;
  control: RankedArm;
};

/** One ranking out of one arm or two. */
function mergeArms([control, other]: readonly RankedArm[], recommendation_id: string): Merged {
  if (control === undefined) throw new Error("a request has at least one way to rank");
  if (other === undefined) {
    const { ranking, name } = control;
    return { order: ranking, armOf: () => control, variantOf: () => name, control };
  }
  const coin = tossFrom(hashText(recommendation_id));
  const drafted = draftTeams(control.ranking, other.ranking, coin);
  const picked = new Map(drafted.map(({ item, team }) => [item, team === 1 ? other : control]));
  return {
    order: drafted.map(({ item }) => item),
    armOf: (item) => picked.get(item) ?? control,
    variantOf: (item) => picked.get(item)?.name ?? null,
    control,
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

/** What the shopper's object tells; undefined where nobody is named or it cannot be had. */
async function readView(
  deps: RecommendDeps,
  request: RecommendRequest,
  surface: Surface,
  degraded: Set<Degradation>,
): Promise<ShopperView | undefined> {
  if (request.shopper === null || !surface.personal) return undefined;
  const view = await deps.readShopper(request.shopper);
  if (view === undefined) degraded.add("shopper");
  return view;
}
