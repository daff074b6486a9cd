// Retrieval and features in one place: what happened so far in, candidates with their features out. Training lists,
// the evaluation and the Worker's answers are all read here.
import type { Click, ScoringRetriever } from "../baselines/retriever.ts";
import type { SessionSequence } from "../next-item/dataset.ts";
import type { EncoderScorer } from "../next-item/scorer.ts";
import { CandidateGenerator, MAX_CANDIDATES, toLogProbabilities } from "./candidates.ts";
import type { CandidateList } from "./candidates.ts";
import { FeatureReader } from "./features.ts";
import type { FeatureSources, Occasion } from "./features.ts";
import { ItemStatistics } from "./item-statistics.ts";
import type { ItemVectors } from "./similarity-features.ts";

export type PipelineParts = {
  retrievers: readonly ScoringRetriever[];
  /** Models that score every item, under names of their own; the first one's vectors tell how alike items are. */
  encoders: readonly { name: string; scorer: Pick<EncoderScorer, "scoreSessions"> }[];
  vectors: ItemVectors;
  /** Whether shoppers' states and items' attributes are read too. */
  shopper: boolean;
};

/** Both are reused by the next `read`. */
export type Reading = { list: CandidateList; features: Float32Array };

export class Pipeline {
  readonly sources: FeatureSources;
  readonly statistics = new ItemStatistics();
  readonly #parts: PipelineParts;
  readonly #generator: CandidateGenerator;
  readonly #reader: FeatureReader;
  readonly #features: Float32Array;

  constructor(parts: PipelineParts) {
    this.#parts = parts;
    const encoders = parts.encoders.map(({ name }) => name);
    this.#generator = new CandidateGenerator(parts.retrievers, encoders);
    const { names } = this.#generator;
    this.sources = { names, encoders: encoders.length, shopper: parts.shopper };
    this.#reader = new FeatureReader(this.sources, this.statistics, parts.vectors);
    this.#features = new Float32Array(MAX_CANDIDATES * this.#reader.width);
  }

  /** Features of a candidate. */
  get width(): number {
    return this.#reader.width;
  }

  /** Clicks in event-time order. */
  observe(click: Click): void {
    for (const retriever of this.#parts.retrievers) retriever.observe(click);
    this.statistics.observe(click);
  }

  /** What each encoder makes of each session: log-probabilities of all items, [sessions][encoders]. */
  async ask(sessions: readonly SessionSequence[]): Promise<Float32Array[][]> {
    const isKnown = (item: number): boolean => this.statistics.isKnown(item);
    const rows: Float32Array[][] = sessions.map(() => []);
    for (const { scorer } of this.#parts.encoders) {
      const answers = await scorer.scoreSessions(sessions);
      for (const [place, row] of answers.entries()) {
        toLogProbabilities(row, isKnown);
        rows[place]?.push(row);
      }
    }
    return rows;
  }

  /** Candidates for a session, with the encoders' word from `ask`, and their features [count, width]. */
  read(occasion: Occasion, rows: readonly Float32Array[]): Reading {
    const list = this.#generator.generate(occasion.session, rows);
    this.#reader.write(occasion, list, this.#features);
    return { list, features: this.#features };
  }
}
