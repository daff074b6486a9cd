// The candidates of one variant in order: by a ranking model where there is one, by the blend where not, then with unlike
// items next to each other where the policy says so.
import type { Catalog } from "../../catalog/catalog.ts";
import type { ShopperContext } from "../context.ts";
import type { RecommendRequest } from "../contract.ts";
import type { CandidatePool } from "../retrieve/pool.ts";
import { acceptFor } from "../retrieve/retrieve.ts";
import type { Retrieved } from "../retrieve/retrieve.ts";
import type { Rules } from "../rules/rules.ts";
import type { Stopwatch, Timing } from "../stopwatch.ts";
import type { LiveIndex } from "../../live/live-index.ts";
import type { HeadWeights, SourceWeights } from "../surfaces.ts";
import { blend } from "./blend.ts";
import type { Blended } from "./blend.ts";
import { listContributions } from "./contributions.ts";
import { diversify, likenessIn } from "./diversify.ts";
import { mixRevisits, type Mixed } from "./mix-revisits.ts";
import { rankByModel } from "./rank-by-model.ts";
import type { Explained, ModelRanking, RankingTask } from "./rank-by-model.ts";
import type { RankingStage } from "./ranking-stage.ts";
import { log } from "../../../durable/log-line.ts";

/** What is known before there are candidates. */
export type RankingPlan = {
  /** The variant's, or null outside an experiment. */
  name: string | null;
  rules: Rules;
  /** Weights of the sources: those that the surface has for such a context, and with the policy's in place of them. */
  usual: SourceWeights;
  weights: SourceWeights;
  /** What the score of an item is multiplied by; null for 1. */
  boost: ((item: number) => number) | null;
  /** 0 = by score, 1 = by unlikeness alone. */
  diversity: number;
  /** null where the blend answers. */
  ranking: { stage: RankingStage; heads: HeadWeights } | null;
  stopwatch: Stopwatch;
};

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
  /** Items that are there because the shopper touched them before. */
  revisits: ReadonlySet<number>;
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

export async function rank(
  { catalog, live }: { catalog: Catalog; live: LiveIndex },
  plan: RankingPlan,
  candidates: Retrieved,
  { limit, explain }: RecommendRequest,
  context: ShopperContext,
): Promise<RankedVariant> {
  const { name, rules, weights, boost, ranking, stopwatch } = plan;
  const { pool, answer, modelVersion } = candidates;
  const accept = acceptFor({ catalog }, plan, context);
  const task = { ...plan, context, answer, pool, accept, limit, explain };
  const judged = ranking && (await tryModel({ ...task, ...ranking }));
  const ordered: Blended = judged ?? blend(pool, weights, boost);
  const mixed = mix(live, plan, pool, ordered, context);
  const { scores, order } = mixed ?? ordered;
  const explained = judged?.explained ?? (explain ? explainBlend(pool, plan) : null);
  return {
    name,
    rules,
    weights,
    pool,
    scores,
    ranking: spread(catalog, plan, pool, { scores, order }, limit),
    carriedByPrice: judged?.carriedByPrice ?? NOTHING,
    revisits: mixed?.revisits ?? NOTHING,
    explained: explained && ((slot) => mixed?.explain(slot, explained(slot)) ?? explained(slot)),
    modelVersion,
    rankingVersion: judged ? (ranking?.stage.model.version ?? null) : null,
    failed: candidates.failed || (ranking !== null && judged === null),
    timings: stopwatch.timings,
  };
}

/** Only where the list may hold what was seen; null where it holds none of it. */
function mix(
  live: LiveIndex,
  { rules, weights, boost }: RankingPlan,
  pool: CandidatePool,
  ordered: Blended,
  { touched }: ShopperContext,
): Mixed | null {
  const weight = weights.recently_viewed ?? 0;
  if (rules.seen !== "allow" || weight === 0 || touched.items.length === 0) return null;
  const factorOf = (item: number) => weight * (boost?.(item) ?? 1);
  return mixRevisits(pool, ordered, touched, live.revisits.judge(touched), factorOf);
}

async function tryModel(task: RankingTask): Promise<ModelRanking | null> {
  try {
    return await rankByModel(task);
  } catch (error) {
    // The blend answers and the answer says so.
    log("error", "ranking_model_failed", {}, error);
    return null;
  }
}

/** The items of the slots in their order, unlike ones next to each other. */
function spread(
  catalog: Catalog,
  { diversity }: RankingPlan,
  pool: CandidatePool,
  { scores, order }: Blended,
  limit: number,
): number[] {
  const ranked = order.map((slot) => ({ item: pool.items[slot] ?? -1, score: scores[slot] ?? 0 }));
  return diversify(ranked, likenessIn(catalog), diversity, limit).map(({ item }) => item);
}

function explainBlend(
  pool: CandidatePool,
  { weights, boost }: RankingPlan,
): (slot: number) => Explained {
  const list = listContributions(pool, weights, boost);
  return (slot) => ({ contributions: list(slot), features: [] });
}
