// What the ranking model reads of a candidate: the one function, for training and for serving.
// Its names are the feature schema; a model trained on other names does not fit.
import { FEATURES as SHOPPER_FEATURES, writeFeatures } from "../../../durable/state/features.ts";
import type { CandidateItem, ShopperReading } from "../../../durable/state/features.ts";
import { hashFeatureSchema } from "../../registry/manifest.ts";
import type { CandidateList } from "./candidates.ts";
import { STATISTICS } from "./item-statistics.ts";
import type { ItemStatistics } from "./item-statistics.ts";
import { SESSION_FEATURES, writeSessionFeatures } from "./session-features.ts";
import type { ItemVectors } from "../../next-item/network/item-vectors.ts";
import { SIMILARITY_FEATURES, SimilarityFeatures } from "./similarity-features.ts";
import { SOURCE_FEATURES, SourceFeatures } from "./source-features.ts";

export type FeatureSources = {
  /** Names in the order of a candidate's scores, the encoders last. */
  names: readonly string[];
  encoders: number;
  /** Whether the shopper's state and the items' attributes are read too. */
  shopper: boolean;
};

/** A shopper at one moment, and what the catalogue knows of an item. */
export type ShopperView<Item extends number = number> = {
  reading: ShopperReading;
  itemOf(item: Item): CandidateItem;
};

/** One ranking to be made. */
export type Occasion<Item extends number = number> = {
  /** Items so far, oldest first; at least one. */
  session: readonly Item[];
  /** Must be given where the features read the shopper. */
  shopper?: ShopperView<Item>;
};

export function featureNames({ names, shopper }: FeatureSources): string[] {
  return [
    ...names.flatMap((source) => SOURCE_FEATURES.map((feature) => `${source}.${feature}`)),
    ...SESSION_FEATURES,
    ...STATISTICS,
    ...SIMILARITY_FEATURES,
    ...(shopper ? SHOPPER_FEATURES.map((name) => `shopper.${name}`) : []),
  ];
}

export function rankingSchema(sources: FeatureSources): Promise<string> {
  return hashFeatureSchema(featureNames(sources));
}

/** Reads features of whole lists; keeps its buffers between calls. */
export class FeatureReader {
  readonly width: number;
  readonly #sources: FeatureSources;
  readonly #statistics: ItemStatistics;
  readonly #similarity: SimilarityFeatures;
  readonly #sourceFeatures = new SourceFeatures();

  constructor(sources: FeatureSources, statistics: ItemStatistics, vectors: ItemVectors) {
    this.width = featureNames(sources).length;
    this.#sources = sources;
    this.#statistics = statistics;
    this.#similarity = new SimilarityFeatures(vectors);
  }

  /** Writes the features of all candidates into `out`, [count, width]. */
  write({ session, shopper }: Occasion, list: CandidateList, out: Float32Array): void {
    const { width } = this;
    const { count, core, items, scores } = list;
    const { names, encoders } = this.#sources;
    let at = 0;
    for (let column = 0; column < names.length; column++) {
      const isLog = column >= names.length - encoders;
      const source = { column, of: names.length, isLog };
      this.#sourceFeatures.write(scores, source, { core, all: count }, out, width, at);
      at += SOURCE_FEATURES.length;
    }
    writeSessionFeatures(session, items, count, out, width, at);
    at += SESSION_FEATURES.length;
    for (let index = 0; index < count; index++) {
      this.#statistics.write(items[index] ?? -1, out, index * width + at);
    }
    at += STATISTICS.length;
    this.#similarity.write(session, items, count, out, width, at);
    at += SIMILARITY_FEATURES.length;
    if (this.#sources.shopper) this.#writeShopper(shopper, list, out, at);
  }

  #writeShopper(
    shopper: ShopperView | undefined,
    { count, items }: CandidateList,
    out: Float32Array,
    at: number,
  ): void {
    if (shopper === undefined) throw new Error("these features read a shopper, and none was given");
    for (let index = 0; index < count; index++) {
      const item = shopper.itemOf(items[index] ?? -1);
      writeFeatures(shopper.reading, item, out, index * this.width + at);
    }
  }
}
