// The small shop with models: a next-item model by distance and a linear ranking model, so that tests can foresee both.
import { featureNames } from "../../../models/ranking/features/features.ts";
import type { RankingModel } from "../../../models/ranking/serve/open-ranking.ts";
import { createSources } from "../../../models/ranking/features/sources.ts";
import { roundedVectors } from "../../../models/next-item/network/item-vectors.ts";
import type { NextItemModel } from "../../../models/next-item/serve/open-next-item.ts";
import type { Catalog } from "../../../src/catalog/catalog.ts";
import { NextItemSource } from "../../../src/recommend/retrieve/next-item.ts";
import { RankingStage } from "../../../src/recommend/rank/ranking-stage.ts";
import type { RecommendDeps } from "../../../src/recommend/deps.ts";
import { makeShop } from "./small-shop.ts";

const DIM = 2;
const LOG_SIZE = { sessions: 1000, clicks: 5000, span: 1e7 };
const release = () => Promise.resolve();

/** Knows the items 0 to `known` - 1 and favours those that come after the last step. */
function makeNextItem(version: string, known: number, catalog: Catalog): NextItemModel {
  const vectors = Float32Array.from({ length: known * DIM }, (_, i) =>
    i % DIM === 0 ? Math.cos(i) : Math.sin(i - 1),
  );
  return {
    version,
    numbers: Int32Array.from({ length: known }, (_, item) => catalog.intern(`item-${item}`)),
    content: null,
    vectors: roundedVectors(vectors, DIM),
    scale: 1,
    release,
    score: (steps) => {
      const last = steps.at(-1)?.item ?? 0;
      const scores = Float32Array.from({ length: known }, (_, item) => {
        const ahead = (item - last + known) % known;
        return -ahead / 10;
      });
      return Promise.resolve({ scores, state: null, total: 0 });
    },
  };
}

const SOURCES = {
  names: [...createSources(LOG_SIZE).map(({ name }) => name), "made-up"],
  encoders: 1,
  shopper: true,
};
export const NAMES = featureNames(SOURCES);

/** Scores by a weighted sum of the features whose names `weights` gives; the others are not read. */
export function makeRanking(
  weights: Readonly<Record<string, number>>,
  nextItemVersion = "n1",
  change: (features: Float32Array) => Float32Array = (features) => features,
): RankingModel {
  const columns = Object.entries(weights).map(([name, weight]) => [NAMES.indexOf(name), weight]);
  return {
    version: "r1",
    sources: SOURCES,
    logSize: LOG_SIZE,
    nextItemVersions: [nextItemVersion],
    featureMeans: new Float32Array(NAMES.length).fill(0.25),
    release,
    rank: (given, count) => {
      const features = change(given);
      const scores = Float32Array.from({ length: count }, (_, index) =>
        columns.reduce(
          (sum, [column = 0, weight = 0]) =>
            sum + weight * (features[index * NAMES.length + column] ?? 0),
          0,
        ),
      );
      return Promise.resolve({ scores, click: null, cart: null, purchase: null });
    },
  };
}

/** The shop with both models, and what belongs to them. @param known how many of its items the models were trained on */
export async function makeRankedShop(ranking: RankingModel, known = 50): Promise<RecommendDeps> {
  const shop = makeShop();
  const nextItem = new NextItemSource(makeNextItem("n1", known, shop.catalog), shop.catalog, 100);
  const opened = await RankingStage.open(ranking, nextItem, {
    ...shop,
    yieldToRequests: () => Promise.resolve(),
  });
  if (!opened.ok) throw new Error(opened.reason);
  return { ...shop, models: { nextItem, ranking: opened.value } };
}
