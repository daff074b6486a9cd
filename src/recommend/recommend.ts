// The pipeline: context -> variants -> retrieve -> rank -> rules -> explain. One stage after the other, each in a folder or
// file of its own. What is missing or late makes the answer poorer and is said in it, but never makes it fail.
import { hashText } from "../catalog/hash.ts";
import { readContext } from "./context.ts";
import type { ShopperContext } from "./context.ts";
import type { Recommendation, RecommendRequest } from "./contract.ts";
import type { RankDeps, RecommendDeps } from "./deps.ts";
import { chooseShadow, chooseVariants } from "./experiment/choose-variants.ts";
import type { ServedVariant, ShadowTask } from "./experiment/choose-variants.ts";
import { mergeVariants } from "./experiment/merge-variants.ts";
import { planVariant } from "./experiment/plan-variant.ts";
import { describeItem } from "./explain/describe-item.ts";
import { turnPage } from "./paging.ts";
import { rank } from "./rank/rank.ts";
import type { RankedVariant } from "./rank/rank.ts";
import { readVisitor } from "./read-visitor.ts";
import { retrieve } from "./retrieve/retrieve.ts";
import { listFallbacks } from "./rules/fallback.ts";
import { applyRules } from "./rules/rules.ts";
import { StageClock } from "./stopwatch.ts";

/** `shadow`: what is to be worked out once the answer is on its way, or null. */
export type Recommended = { recommendation: Recommendation; shadow: ShadowTask | null };

export async function recommend(
  deps: RecommendDeps,
  request: RecommendRequest,
): Promise<Recommended> {
  const { catalog, experiments } = deps;
  const stages = new StageClock(deps.clock);
  const degraded = new Set(deps.degraded);

  // Context: who asks, and what led here.
  const visitor = await readVisitor(deps, request);
  if (visitor.isMissing) degraded.add("shopper");
  stages.end("shopper");
  const context = readContext(catalog, request, visitor.state, deps.now);

  // Variants: whose policy and models answer. An interleaving has two; a shadow answers nobody.
  const recommendation_id = request.cursor?.recommendation_id ?? deps.createId();
  const choice = {
    surface: request.surface,
    shopper: visitor.subject,
    policy: deps.policies.of(request.surface),
    models: deps.models,
    findModels: deps.findModels,
  };
  const { experiment, variants } = chooseVariants(choice, experiments);

  // Retrieve and rank, each variant by itself; then one order out of all.
  const ranked = await Promise.all(
    variants.map((variant) => rankSafely(deps, variant, request, context)),
  );
  if (ranked.some(({ failed }) => failed)) degraded.add("model");
  const { order, rankedBy, variantOf, control } = mergeVariants(
    ranked,
    hashText(recommendation_id),
  );
  stages.end("rank");

  // Rules: what may be shown, and where.
  const placed = applyRules(catalog, control.rules, listFallbacks(order, deps, control.rules));
  stages.end("rules");

  // Explain: each item with its reason.
  const describe = describeItem(catalog, context, rankedBy);
  const items = placed.map(({ item, list }) => describe(item, list === -1, variantOf(item)));
  const ids = placed.map(({ item }) => catalog.ids[item] ?? "");
  stages.end("explain");

  const recommendation = {
    recommendation_id,
    shopper: visitor.shopper,
    items,
    ...turnPage(request, recommendation_id, ids),
    experiment: experiment?.experiment_id ?? null,
    model_version: control.modelVersion,
    ranking_version: control.rankingVersion,
    personal: context.personal,
    degraded: [...degraded],
    timings: [...stages.timings, ...ranked.flatMap(({ timings }) => timings)],
  };
  // A later page says nothing new: what the challenger would have shown on it depends on the pages before.
  const shadow =
    request.cursor === null ? chooseShadow(choice, experiments, recommendation_id) : null;
  return { recommendation, shadow: shadow && { ...shadow, context } };
}

/** Retrieval and ranking under the policy and by the models of one variant. */
export async function rankVariant(
  deps: RankDeps,
  variant: ServedVariant,
  request: RecommendRequest,
  context: ShopperContext,
): Promise<RankedVariant> {
  const plan = planVariant(deps, variant, request, context);
  const candidates = await retrieve(deps, plan, request, context);
  return await rank(deps, plan, candidates, request, context);
}

/** A variant whose models fail is answered by those that serve, under the same rules; `failed` stays, and is told. */
async function rankSafely(
  deps: RecommendDeps,
  variant: ServedVariant,
  request: RecommendRequest,
  context: ShopperContext,
): Promise<RankedVariant> {
  const ranked = await rankVariant(deps, variant, request, context);
  if (!ranked.failed || variant.models === deps.models) return ranked;
  const served = { ...variant, models: deps.models };
  return { ...(await rankVariant(deps, served, request, context)), failed: true };
}
