// Asks the sources of a surface for candidates and puts them into one pool.
import type { Step } from "../../../models/next-item/serve/open-next-item.ts";
import type { CatalogItem } from "../../catalog/catalog-item.ts";
import type { Catalog } from "../../catalog/catalog.ts";
import type { ShopperContext } from "../context.ts";
import type { Given, SourceName } from "../contract.ts";
import type { LiveIndex } from "../../live/live-index.ts";
import type { ItemScores, NextItemSource } from "./next-item.ts";
import { CandidatePool } from "./pool.ts";
import type { Proposal } from "./pool.ts";
import { isEligible } from "../rules/rules.ts";
import type { Rules } from "../rules/rules.ts";
import {
  proposeCoOccurring,
  proposeGiven,
  proposeHere,
  proposeNeighbours,
  proposeNew,
  proposeSimilar,
  proposeTrending,
  rankOnly,
} from "./sources.ts";
import type { Visit } from "../../live/segment-trends.ts";
import type { Stopwatch } from "../stopwatch.ts";
import type { SourceWeights } from "../surfaces.ts";
import { log } from "../../../durable/log-line.ts";

export type RetrieveDeps = {
  catalog: Catalog;
  live: LiveIndex;
  now: number;
};

/** What of the request the sources go by, beside the shopper. */
export type Asked = { visit: Visit; given: readonly Given[] | null };

/** What is asked of which sources. */
export type RetrievalPlan = {
  /** A source without a weight above 0 is not asked. */
  weights: SourceWeights;
  rules: Rules;
  /** See `maxPerSource`. */
  perSource: number;
  /** The next-item model that is asked, and the steps that it is asked about. */
  nextItem: NextItemSource | null;
  steps: readonly Step<CatalogItem>[];
  stopwatch: Stopwatch;
};

export type Retrieved = {
  pool: CandidatePool;
  /** Version of the model that proposed, or null. */
  modelVersion: string | null;
  /** True where the model was asked and threw. */
  failed: boolean;
  /** What the next-item model said; null where it was not asked or knows none of the steps. */
  answer: ItemScores | null;
};

export async function retrieve(
  deps: RetrieveDeps,
  plan: RetrievalPlan,
  { visit, given }: Asked,
  context: ShopperContext,
): Promise<Retrieved> {
  const { catalog } = deps;
  const { weights, rules, perSource, nextItem, steps, stopwatch } = plan;
  const pool = new CandidatePool(perSource);
  const wants = (source: SourceName) => (weights[source] ?? 0) > 0;
  const isEligibleItem = (item: number) => isEligible(catalog, rules, item);
  const accept = acceptFor(deps, plan, context);

  const { touched } = context;
  // First, so that what no model knows is a candidate too.
  if (wants("recently_viewed"))
    pool.add(rankOnly("recently_viewed", touched.items), isEligibleItem);
  if (given !== null && wants("relevance")) {
    pool.add(proposeGiven(catalog, given), isEligibleItem);
  }
  const asked = wants("next_item") && context.contextItems.length > 0 ? nextItem : null;
  const propose = (source: NextItemSource, answer: ItemScores) =>
    source.propose(answer, perSource, accept, listMembers(catalog, rules));
  const model = asked === null ? null : await askModel(asked, steps, propose, stopwatch);
  if (model?.proposal) pool.add(model.proposal, accept);
  for (const proposal of proposeFromMemory(deps, wants, accept, context, rules, visit)) {
    pool.add(proposal, accept);
  }
  return {
    pool,
    modelVersion: model?.proposal ? (asked?.model.version ?? null) : null,
    failed: model?.failed ?? false,
    answer: model?.answer ?? null,
  };
}

/**
 * What sources may bring in. What may come again has a source of its own where that is asked: the others have all their
 * room for what is new.
 */
export function acceptFor(
  { catalog }: Pick<RetrieveDeps, "catalog">,
  { rules, weights }: Pick<RetrievalPlan, "rules" | "weights">,
  { touched }: ShopperContext,
): (item: number) => boolean {
  if ((weights.recently_viewed ?? 0) === 0) return (item) => isEligible(catalog, rules, item);
  const again = new Set(touched.items);
  return (item) => !again.has(item) && isEligible(catalog, rules, item);
}

async function askModel(
  source: NextItemSource,
  steps: readonly Step<CatalogItem>[],
  propose: (source: NextItemSource, answer: ItemScores) => Proposal,
  stopwatch: Stopwatch,
): Promise<{ answer: ItemScores | null; proposal: Proposal | null; failed: boolean }> {
  try {
    const answer = await stopwatch.time("encode", () => source.answer(steps));
    const proposal = answer === null ? null : propose(source, answer);
    return { answer, proposal, failed: false };
  } catch (error) {
    // The answer goes on without the model and says so; the other sources do not need it.
    log("error", "next_item_model_failed", {}, error);
    return { answer: null, proposal: null, failed: true };
  }
}

function* proposeFromMemory(
  { catalog, live, now }: RetrieveDeps,
  wants: (source: SourceName) => boolean,
  accept: (item: number) => boolean,
  context: ShopperContext,
  rules: Rules,
  visit: Visit,
): Generator<Proposal> {
  const { contextItems, cart } = context;
  const last = contextItems.at(-1);
  if (last !== undefined) {
    if (wants("session_knn")) yield proposeNeighbours(live, contextItems);
    if (wants("co_visitation")) yield proposeCoOccurring(live, "co_visitation", contextItems);
    if (wants("similar")) yield proposeSimilar(catalog, last, accept);
  }
  if (wants("bought_together")) {
    yield proposeCoOccurring(live, "bought_together", cart.length > 0 ? cart : contextItems);
  }
  const categories = rules.categories === null ? context.categories : listCodes(rules.categories);
  if (wants("trending_category")) yield proposeTrending(catalog, live, categories);
  if (wants("trending_here")) yield proposeHere(live, visit);
  if (wants("new_category")) yield proposeNew(catalog, categories, now);
  if (wants("buy_again")) yield rankOnly("buy_again", context.buyAgain);
}

/** Every item of the categories that a list is limited to; null where it is not. */
function listMembers(
  catalog: Catalog,
  { categories }: Rules,
): (() => readonly CatalogItem[]) | null {
  if (categories === null) return null;
  return () => listCodes(categories).flatMap((code) => catalog.members[code] ?? []);
}

function listCodes(mask: Uint8Array): number[] {
  return [...mask.keys()].filter((code) => mask[code] === 1);
}
