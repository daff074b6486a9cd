// The ranking model's turn in a request: it reads the candidates, scores them, and says what carried which item.
import { toCatalogItem } from "../../catalog/catalog-item.ts";
import { argsortDescending } from "../../../models/evaluate/descending-key.ts";
import type { Blended } from "./blend.ts";
import { listCarriedByPrice } from "./carried-by-price.ts";
import type { ShopperContext } from "../context.ts";
import { SOURCES } from "../contract.ts";
import type { Contribution, FeatureContribution } from "../contract.ts";
import type { FeatureGroup } from "../feature-groups.ts";
import type { HeadWeights, SourceWeights } from "../surfaces.ts";
import type { ItemScores } from "../retrieve/next-item.ts";
import type { CandidatePool } from "../retrieve/pool.ts";
import { layGround, orderByModel, tiltOf } from "./ranked-order.ts";
import type { Judgement } from "./ranked-order.ts";
import type { RankingQuestion, RankingStage } from "./ranking-stage.ts";
import { ranksOf } from "./contributions.ts";
import type { Stopwatch } from "../stopwatch.ts";

export type RankingTask = {
  stage: RankingStage;
  heads: HeadWeights;
  context: ShopperContext;
  /** What the next-item model says after the session. */
  answer: ItemScores | null;
  pool: CandidatePool;
  usual: SourceWeights;
  weights: SourceWeights;
  boost: ((item: number) => number) | null;
  accept: (item: number) => boolean;
  /** Length of the list that is asked for. */
  limit: number;
  explain: boolean;
  stopwatch: Stopwatch;
};

export type ModelRanking = Blended & {
  /** Items that would not be on the list but for their price. */
  carriedByPrice: ReadonlySet<number>;
  /** By slot; null where nobody asked. */
  explained: ((slot: number) => Explained) | null;
};

export type Explained = { contributions: Contribution[]; features: FeatureContribution[] };

/** A source that is switched off (a declared weight of 0) must not speak through the features either. */
const ABLATED_WITH = ["next_item", "session_knn", "co_visitation"] as const;

/** Puts the model's own candidates into the pool too. */
export async function rankByModel(task: RankingTask): Promise<ModelRanking> {
  const { stage, heads, context, answer, pool, weights, stopwatch } = task;
  const ablated = new Set(ABLATED_WITH.filter((source) => weights[source] === 0));
  const question = await stopwatch.time("read", () =>
    stage.read(context, answer, pool.items, ablated),
  );
  const scores = await stopwatch.time("score", () => stage.score(question, heads));
  const indexes = argsortDescending(scores);
  const proposal = {
    source: "ranking" as const,
    items: indexes.map((index) => question.items[index] ?? -1),
    scores: pick(scores, indexes),
  };
  pool.add(proposal, task.accept);
  const judge = makeJudge(task, question);
  const judgement = judge(scores);
  const ordered = orderByModel(judgement);
  const without = async (group: FeatureGroup): Promise<Blended> =>
    orderByModel(judge(await stage.score(question, heads, group)));
  const carriedByPrice = await stopwatch.time("score", () =>
    listCarriedByPrice(task, question, { ...ordered, base: judgement.ground.base }, judge),
  );
  const explained = task.explain ? await explain(task, judgement, ordered, without) : null;
  return { ...ordered, carriedByPrice, explained };
}

/** From scores of the question's items to a judgement of what the model can judge of them. */
function makeJudge(
  task: RankingTask,
  { items }: RankingQuestion,
): (scores: Float32Array) => Judgement {
  const { stage, pool, usual } = task;
  const slots: number[] = [];
  const indexes: number[] = [];
  for (const [index, item] of items.entries()) {
    const slot = pool.slotOf(item);
    if (slot === -1 || !stage.knows(toCatalogItem(item))) continue;
    slots.push(slot);
    indexes.push(index);
  }
  const ground = layGround(pool, usual, Int32Array.from(slots));
  return (scores) => ({
    ...task,
    ground,
    judged: pick(scores, indexes),
  });
}

/** The scores at these indexes. */
function pick(scores: Float32Array, indexes: ArrayLike<number>): Float32Array {
  const picked = new Float32Array(indexes.length);
  for (let at = 0; at < picked.length; at++) picked[at] = scores[indexes[at] ?? 0] ?? 0;
  return picked;
}

async function explain(
  task: RankingTask,
  judgement: Judgement,
  ordered: Blended,
  without: (group: FeatureGroup) => Promise<Blended>,
): Promise<(slot: number) => Explained> {
  const { stage, pool, usual, weights, boost } = task;
  const ranks = ranksOf(ordered.order);
  const groups: { group: FeatureGroup; bare: Blended; ranks: Int32Array }[] = [];
  for (const group of stage.groups) {
    const bare = await without(group);
    groups.push({ group, bare, ranks: ranksOf(bare.order) });
  }
  const tilted = SOURCES.filter((source) => tiltOf(source, usual, weights) !== 0).map((source) => {
    const bare = orderByModel(judgement, source);
    return { source, bare, ranks: ranksOf(bare.order) };
  });
  return (slot) => {
    const score = ordered.scores[slot] ?? 0;
    const place = ranks[slot] ?? 0;
    const features = groups.map(({ group, bare, ranks: others }) => ({
      group,
      contribution: score - (bare.scores[slot] ?? 0),
      place,
      place_without: others[slot] ?? 0,
    }));
    const contributions = tilted.flatMap(({ source, bare, ranks: others }) => {
      const at = slot * SOURCES.length + SOURCES.indexOf(source);
      const rank = pool.ranks[at] ?? 0;
      if (rank === 0) return [];
      return {
        source,
        rank: rank - 1,
        source_score: pool.scores[at] ?? 0,
        weight: weights[source] ?? 0,
        boost: boost?.(pool.items[slot] ?? -1) ?? 1,
        contribution: score - (bare.scores[slot] ?? 0),
        place,
        place_without: others[slot] ?? 0,
      };
    });
    return {
      contributions: contributions.sort((a, b) => b.contribution - a.contribution),
      features: features.sort(
        (a, b) => b.contribution - a.contribution || b.place_without - a.place_without,
      ),
    };
  };
}
