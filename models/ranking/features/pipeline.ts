// Lists as training and evaluation make them: the encoders are asked, then candidates and features are read.
import type { ScoringRetriever } from "../../baselines/retriever.ts";
import type { SessionSequence } from "../../next-item/data/dataset.ts";
import type { EncoderScorer } from "../../next-item/serve/scorer.ts";
import { toLogProbabilities, wordOfRow } from "./candidates.ts";
import type { EncoderWord } from "./candidates.ts";
import type { ItemVectors } from "../../next-item/network/item-vectors.ts";
import { ListReader } from "./list-reader.ts";

export type { Reading } from "./list-reader.ts";

export type PipelineParts = {
  retrievers: readonly ScoringRetriever[];
  /** Models that score every item, under names of their own; the first one's vectors tell how alike items are. */
  encoders: readonly { name: string; scorer: Pick<EncoderScorer, "scoreSessions"> }[];
  vectors: ItemVectors;
  /** Whether shoppers' states and items' attributes are read too. */
  shopper: boolean;
};

export class Pipeline extends ListReader {
  readonly #encoders: PipelineParts["encoders"];

  constructor(parts: PipelineParts) {
    super({ ...parts, encoders: parts.encoders.map(({ name }) => name) });
    this.#encoders = parts.encoders;
  }

  /** What each encoder says after each session, [sessions][encoders]. */
  async ask(sessions: readonly SessionSequence[]): Promise<EncoderWord[][]> {
    const isKnown = (item: number): boolean => this.statistics.isKnown(item);
    const words: EncoderWord[][] = sessions.map(() => []);
    for (const { scorer } of this.#encoders) {
      const answers = await scorer.scoreSessions(sessions);
      for (const [index, row] of answers.entries()) {
        toLogProbabilities(row, isKnown);
        words[index]?.push(wordOfRow(row));
      }
    }
    return words;
  }
}
