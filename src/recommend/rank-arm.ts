// One way to rank for one request: retrieve under a policy, then score. An experiment may want two.
import { blend } from "./blend.ts";
import type { ShopperContext } from "./context.ts";
import type { RecommendRequest } from "./contract.ts";
import { diversify, likenessIn } from "./diversify.ts";
import { makeRules } from "./make-rules.ts";
import type { ModelSet } from "./model-set.ts";
import type { CandidatePool } from "./pool.ts";
import type { PolicyBook } from "./policy-book.ts";
import type { Policy } from "./policy.ts";
import { retrieve } from "./retrieve.ts";
import type { RetrieveDeps } from "./retrieve.ts";
import type { Rules } from "./rules.ts";
import { weightsFor } from "./surfaces.ts";
import type { SourceWeights, Surface } from "./surfaces.ts";

/** `name`: the variant's, or null outside an experiment. `models`: those that this way asks. */
export type Arm = { name: string | null; policy: Policy; models: ModelSet };

export type RankedArm = {
  name: string | null;
  rules: Rules;
  weights: SourceWeights;
  pool: CandidatePool;
  /** Score of each slot of the pool, boosts included, and what multiplied it. */
  scores: Float64Array;
  boost: ((item: number) => number) | null;
  /** Items, best first, unlike ones next to each other where the policy says so. */
  ranking: number[];
  modelVersion: string | null;
  failed: boolean;
};

export async function rankArm(
  deps: RetrieveDeps & { policies: PolicyBook },
  arm: Arm,
  request: RecommendRequest,
  surface: Surface,
  context: ShopperContext,
): Promise<RankedArm> {
  const { policy, models } = arm;
  const compiled = deps.policies.compile(policy);
  const rules = makeRules(deps.catalog, request, surface, { policy, compiled }, context);
  const weights = { ...weightsFor(surface, context.trail.length), ...policy.sources };
  const retrieved = await retrieve(deps, models.nextItem, weights, context, rules, request);
  const { pool, modelVersion, failed } = retrieved;
  const { scores, order } = blend(pool, weights, compiled.boost);
  const ranked = order.map((slot) => ({ item: pool.items[slot] ?? -1, score: scores[slot] ?? 0 }));
  const diverse = policy.diversity
    ? diversify(ranked, likenessIn(deps.catalog), policy.diversity, request.limit)
    : ranked;
  const ranking = diverse.map(({ item }) => item);
  const { name } = arm;
  return {
    name,
    rules,
    weights,
    pool,
    scores,
    boost: compiled.boost,
    ranking,
    modelVersion,
    failed,
  };
}
