// How one variant answers a request: the rules that hold, the weights of the sources, the models that are asked. Decided
// before anything is retrieved.
import type { ShopperContext } from "../context.ts";
import type { RecommendRequest } from "../contract.ts";
import type { RankDeps } from "../deps.ts";
import type { RankingPlan } from "../rank/rank.ts";
import { maxPerSource } from "../retrieve/pool.ts";
import type { RetrievalPlan } from "../retrieve/retrieve.ts";
import { makeRules } from "../rules/make-rules.ts";
import { Stopwatch } from "../stopwatch.ts";
import { SURFACE_TABLE, weightsFor } from "../surfaces.ts";
import type { ServedVariant } from "./choose-variants.ts";

export function planVariant(
  { catalog, policies, clock }: RankDeps,
  { name, policy, models }: ServedVariant,
  request: RecommendRequest,
  context: ShopperContext,
): RetrievalPlan & RankingPlan {
  const settings = SURFACE_TABLE[request.surface];
  const compiled = policies.compile(policy);
  const usual = weightsFor(settings, context.contextItems.length);
  const weights = { ...usual, ...policy.sources };
  const { heads } = settings;
  // The blend answers where there is no model, a list is the same for all, the shop wants it so, or there is no session.
  const isModelAsked = weights.ranking !== 0 && context.session.length > 0;
  const ranking =
    heads !== null && isModelAsked && models.ranking ? { stage: models.ranking, heads } : null;
  return {
    name,
    rules: makeRules(catalog, request, settings, { policy, compiled }, context),
    usual,
    weights,
    boost: compiled.boost,
    diversity: policy.diversity ?? 0,
    nextItem: models.nextItem,
    ranking,
    // A ranking model reads what the next-item model says after the session, as it did when it learned.
    steps: ranking ? context.session : context.steps,
    perSource: maxPerSource(request, policy),
    stopwatch: new Stopwatch(clock),
  };
}
