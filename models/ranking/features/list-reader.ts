// Retrieval and features together: what happened so far in, candidates with their features out. Items are dense
// numbers of anybody's choice: a model's vocabulary in training, the clicked items' numbers in the Worker.
import type { Click, ScoringRetriever } from "../../baselines/retriever.ts";
import { CandidateGenerator, MAX_LISTED } from "./candidates.ts";
import type { CandidateList, EncoderWord } from "./candidates.ts";
import { FeatureReader } from "./features.ts";
import type { FeatureSources, Occasion } from "./features.ts";
import { ItemStatistics } from "./item-statistics.ts";
import type { ItemVectors } from "../../next-item/network/item-vectors.ts";

export type ReaderParts<Item extends number = number> = {
  retrievers: readonly ScoringRetriever[];
  /** Names of the models that score every item. */
  encoders: readonly string[];
  vectors: ItemVectors<Item>;
  /** Where the clicks so far were counted already. */
  statistics?: ItemStatistics;
  /** Whether shoppers' states and items' attributes are read too. */
  shopper: boolean;
};

/** Both are reused by the next `read`. */
export type Reading = { list: CandidateList; features: Float32Array };

/** @typeParam Item the numbering in which clicks and questions come */
export class ListReader<Item extends number = number> {
  readonly sources: FeatureSources;
  readonly retrievers: readonly ScoringRetriever[];
  readonly statistics: ItemStatistics;
  /** All that learns from clicks. */
  readonly learners: readonly { observe(click: Click): void }[];
  readonly #generator: CandidateGenerator;
  readonly #reader: FeatureReader;
  #features = new Float32Array(0);

  constructor({ retrievers, encoders, vectors, shopper, statistics }: ReaderParts<Item>) {
    this.statistics = statistics ?? new ItemStatistics();
    this.retrievers = retrievers;
    this.learners = [...retrievers, this.statistics];
    this.#generator = new CandidateGenerator(retrievers, encoders);
    this.sources = { names: this.#generator.names, encoders: encoders.length, shopper };
    this.#reader = new FeatureReader(this.sources, this.statistics, vectors);
  }

  /** Features of a candidate. */
  get width(): number {
    return this.#reader.width;
  }

  /** Clicks in event-time order. */
  observe(click: Click): void {
    for (const learner of this.learners) learner.observe(click);
  }

  /**
   * Candidates for a session and their features, [count, width].
   *
   * @param words of the encoders, in the order of their names
   * @param extras items that somebody else proposed: they are read beside the others and change nothing about those
   */
  read(
    occasion: Occasion<Item>,
    words: readonly EncoderWord<Item>[],
    extras: readonly Item[] = [],
  ): Reading {
    const list = this.#generator.generate(occasion.session, words, extras);
    if (this.#features.length === 0) this.#features = new Float32Array(MAX_LISTED * this.width);
    this.#reader.write(occasion, list, this.#features);
    return { list, features: this.#features };
  }
}
