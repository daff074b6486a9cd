// One way to rank for one request: retrieve under a policy, then score, by a ranking model where there is one and by the
// blend where not. An experiment may want two.
import { blend } from "./blend.ts";
import type { Blended } from "./blend.ts";
import type { ShopperContext } from "../context.ts";
import type { RecommendRequest } from "../contract.ts";
import { listContributions } from "./contributions.ts";
import { diversify, likenessIn } from "./diversify.ts";
import { makeRules } from "../rules/make-rules.ts";
import type { ModelSet } from "./model-set.ts";
import { maxPerSource } from "../retrieve/pool.ts";
import type { CandidatePool } from "../retrieve/pool.ts";
import type { PolicyBook } from "../rules/policy-book.ts";
import type { Policy } from "../rules/policy.ts";
import { rankByModel } from "./rank-by-model.ts";
import type { Explained, ModelRanking } from "./rank-by-model.ts";
import type { RankingStage } from "./ranking-stage.ts";
import { retrieve } from "../retrieve/retrieve.ts";
import type { RetrieveDeps, Retrieved } from "../retrieve/retrieve.ts";
import { isEligible } from "../rules/rules.ts";
import type { Rules } from "../rules/rules.ts";
import { Stopwatch } from "../stopwatch.ts";
import type { Timing } from "../stopwatch.ts";
import { weightsFor } from "../surfaces.ts";
import type { SourceWeights, SurfaceSettings } from "../surfaces.ts";

/** `name`: the variant's, or null outside an experiment. `models`: those that this way asks. */
export type ServedVariant = { name: string | null; policy: Policy; models: ModelSet };

export type RankedVariant = {
  name: string | null;
  rules: Rules;
  weights: SourceWeights;
  pool: CandidatePool;
  /** Score of each slot of the pool, boosts included. */
  scores: Float64Array;
  /** Items, best first, unlike ones next to each other where the policy says so. */
  ranking: number[];
  /** Items that would not be on the list but for their price. */
  carriedByPrice: ReadonlySet<number>;
  /** What did what for a slot; null where nobody asked. */
  explained: ((slot: number) => Explained) | null;
  modelVersion: string | null;
  /** Version of the ranking model that put it in order; null where the blend did. */
  rankingVersion: string | null;
  failed: boolean;
  /** What models took: `encode`, `read` for the features, `score`. */
  timings: readonly Timing[];
};

const NOTHING: ReadonlySet<number> = new Set();

/** `clock` runs on, in ms, for the timings. */
export type RankDeps = RetrieveDeps & { policies: PolicyBook; clock: () => number };

export async function rankVariant(
  deps: RankDeps,
  variant: ServedVariant,
  request: RecommendRequest,
  settings: SurfaceSettings,
  context: ShopperContext,
): Promise<RankedVariant> {
  const { name, policy, models } = variant;
  const compiled = deps.policies.compile(policy);
  const rules = makeRules(deps.catalog, request, settings, { policy, compiled }, context);
  const usual = weightsFor(settings, context.contextItems.length);
  const weights = { ...usual, ...policy.sources };
  const stage = chooseStage(models, settings, weights, context);
  const stopwatch = new Stopwatch(deps.clock);
  const steps = stage ? context.session : context.steps;
  const asked = { nextItem: models.nextItem, steps, stopwatch };
  const retrieved = await retrieve(deps, asked, weights, context, rules, {
    ...request,
    perSource: maxPerSource(request, policy),
  });
  const { pool, modelVersion } = retrieved;
  const about = { usual, weights, boost: compiled.boost, limit: request.limit };
  const accept = (item: number) => isEligible(deps.catalog, rules, item);
  const { explain } = request;
  const judged =
    stage &&
    (await tryRanking(stage, settings, retrieved, {
      ...about,
      context,
      accept,
      explain,
      stopwatch,
    }));
  const { scores, order }: Blended = judged ?? blend(pool, weights, compiled.boost);
  const ranked = order.map((slot) => ({ item: pool.items[slot] ?? -1, score: scores[slot] ?? 0 }));
  const diverse = policy.diversity
    ? diversify(ranked, likenessIn(deps.catalog), policy.diversity, request.limit)
    : ranked;
  return {
    name,
    rules,
    weights,
    pool,
    scores,
    ranking: diverse.map(({ item }) => item),
    carriedByPrice: judged?.carriedByPrice ?? NOTHING,
    explained: judged?.explained ?? (explain ? explainBlend(pool, about) : null),
    modelVersion,
    rankingVersion: judged ? (stage?.model.version ?? null) : null,
    failed: retrieved.failed || (stage !== null && judged === null),
    timings: stopwatch.timings,
  };
}

/** null where the blend answers: no model, a list that is the same for all, a shop that wants it so, no session yet. */
function chooseStage(
  { ranking }: ModelSet,
  { heads }: SurfaceSettings,
  weights: SourceWeights,
  { session }: ShopperContext,
): RankingStage | null {
  if (heads === null || weights.ranking === 0 || session.length === 0) return null;
  return ranking;
}

async function tryRanking(
  stage: RankingStage,
  { heads }: SurfaceSettings,
  { pool, answer }: Retrieved,
  about: Omit<Parameters<typeof rankByModel>[0], "stage" | "heads" | "pool" | "answer">,
): Promise<ModelRanking | null> {
  if (heads === null) return null;
  try {
    return await rankByModel({ ...about, stage, heads, pool, answer });
  } catch (error) {
    // The blend answers and the answer says so.
    console.error(JSON.stringify({ message: "ranking model failed", error: String(error) }));
    return null;
  }
}

function explainBlend(
  pool: CandidatePool,
  { weights, boost }: { weights: SourceWeights; boost: ((item: number) => number) | null },
): (slot: number) => Explained {
  const list = listContributions(pool, weights, boost);
  return (slot) => ({ contributions: list(slot), features: [] });
}
