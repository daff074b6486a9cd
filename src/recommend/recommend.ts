// The use case: from a request to a list with reasons. It reads everything through `RecommendDeps`; what is
// missing or late makes the answer poorer and is said in it, but never makes it fail.
import type { ShopperState } from "../../durable/state/shopper.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { hashText } from "../catalog/hash.ts";
import { chooseVariants, chooseShadow } from "./experiment/choose-variants.ts";
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
import { rankVariant } from "./rank/rank-variant.ts";
import type { ServedVariant, RankedVariant } from "./rank/rank-variant.ts";
import { applyRules } from "./rules/rules.ts";
import { describeItem } from "./explain/describe-item.ts";
import { SURFACE_TABLE } from "./surfaces.ts";
import type { SurfaceSettings } from "./surfaces.ts";

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
  /** Of every variant that asks for no others. */
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

  const settings = SURFACE_TABLE[request.surface];
  const view = await readView(deps, request, settings, degraded);
  const state = view?.personalization === true ? view.state : null;
  const shopper = view?.shopper ?? request.shopper;
  mark("shopper");

  const context = readContext(catalog, request, state, deps.now);
  const recommendation_id = request.cursor?.recommendation_id ?? deps.createId();
  const about = {
    surface: request.surface,
    // Who refuses to be personal is no subject of experiments either.
    shopper: view === undefined || view.personalization ? shopper : null,
    policy: deps.policies.of(request.surface),
    models: deps.models,
    findModels: deps.findModels,
  };
  const { experiment, variants } = chooseVariants(about, deps.experiments);
  const ranked = await Promise.all(
    variants.map((variant) => rankSafely(deps, variant, request, settings, context)),
  );
  // A later page says nothing new: what the challenger would have shown on it depends on the pages before.
  const shadow =
    request.cursor === null ? chooseShadow(about, deps.experiments, recommendation_id) : null;
  if (ranked.some(({ failed }) => failed)) degraded.add("model");
  mark("rank");

  const { order, rankedBy, variantOf, control } = mergeVariants(ranked, recommendation_id);
  const placed = applyRules(catalog, control.rules, listFallbacks(order, deps, control.rules));
  mark("rules");

  const describe = describeItem(catalog, context, rankedBy);
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
  variant: ServedVariant,
  ...about: [RecommendRequest, SurfaceSettings, ShopperContext]
): Promise<RankedVariant> {
  const ranked = await rankVariant(deps, variant, ...about);
  if (!ranked.failed || variant.models === deps.models) return ranked;
  return {
    ...(await rankVariant(deps, { ...variant, models: deps.models }, ...about)),
    failed: true,
  };
}

type Merged = {
  order: readonly number[];
  /** The variant whose ranking brought an item in. */
  rankedBy: (item: number) => RankedVariant;
  /** The variant that brought it in; null for what two of them have in common. */
  variantOf: (item: number) => string | null;
  control: RankedVariant;
};

/** One ranking out of one variant or two. */
function mergeVariants(
  [control, other]: readonly RankedVariant[],
  recommendation_id: string,
): Merged {
  if (control === undefined) throw new Error("a request has at least one way to rank");
  if (other === undefined) {
    const { ranking, name } = control;
    return { order: ranking, rankedBy: () => control, variantOf: () => name, control };
  }
  const coin = tossFrom(hashText(recommendation_id));
  const drafted = draftTeams(control.ranking, other.ranking, coin);
  const picked = new Map(drafted.map(({ item, team }) => [item, team === 1 ? other : control]));
  return {
    order: drafted.map(({ item }) => item),
    rankedBy: (item) => picked.get(item) ?? control,
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
  settings: SurfaceSettings,
  degraded: Set<Degradation>,
): Promise<ShopperView | undefined> {
  if (request.shopper === null || !settings.personal) return undefined;
  const view = await deps.readShopper(request.shopper);
  if (view === undefined) degraded.add("shopper");
  return view;
}
