// Shadow scoring: what another way to rank would have shown in place of an answer.
import type { ShadowTask } from "./choose-variants.ts";
import type { Recommendation, RecommendRequest } from "../contract.ts";
import { listFallbacks } from "../rules/fallback.ts";
import type { RankDeps } from "../deps.ts";
import { rankVariant } from "../recommend.ts";
import { applyRules } from "../rules/rules.ts";
import { log } from "../../../durable/log-line.ts";

/** One list that a challenger would have shown. */
export type ShadowRow = {
  recommendation_id: string;
  experiment: string;
  /** Pseudonym, "" where the request named nobody. */
  shopper: string;
  surface: string;
  model_version: string | null;
  ranking_version: string | null;
  /** How many items the answer had. */
  shown: number;
  /** The challenger's items, best first: as many as the answer had room for, then what would have come next. */
  items: string[];
  /** Whether the challenger could not answer as it should. */
  failed: boolean;
  timestamp: number;
};

/** Items that are looked at: a click further down would have been as good as none. */
const DEPTH = 100;

/** What the challenger would have shown for the same request, from the same state of the shopper. */
export async function rankShadow(
  deps: RankDeps,
  request: RecommendRequest,
  shown: Recommendation,
  { experiment, variant, context }: ShadowTask,
): Promise<ShadowRow> {
  const about = {
    recommendation_id: shown.recommendation_id,
    experiment: experiment.experiment_id,
    shopper: shown.shopper ?? "",
    surface: request.surface,
    shown: shown.items.length,
    timestamp: deps.now,
  };
  try {
    const plain = { ...request, explain: false };
    const ranked = await rankVariant(deps, variant, plain, context);
    const { modelVersion: model_version, rankingVersion: ranking_version, failed } = ranked;
    const lists = listFallbacks(ranked.ranking, deps, ranked.rules);
    const placed = applyRules(deps.catalog, ranked.rules, lists).map(({ item }) => item);
    const items = [...new Set([...placed, ...ranked.ranking])].slice(0, DEPTH);
    const ids = items.map((item) => deps.catalog.ids[item] ?? "");
    return { ...about, model_version, ranking_version, items: ids, failed };
  } catch (error) {
    log("error", "shadow_failed", {}, error);
    return { ...about, model_version: null, ranking_version: null, items: [], failed: true };
  }
}
