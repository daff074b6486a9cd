// From sources to one list of candidates, each with the word of every source on it. Evaluation, training and the
// Worker all come through here.
import type { ScoringRetriever } from "../../baselines/retriever.ts";
import { listBest } from "../../evaluate/ranks.ts";
import { logTotal } from "./log-total.ts";

/** How many candidates are ranked at most: what the Worker can afford to read features of. */
export const MAX_CANDIDATES = 500;
/** With those that somebody else proposed. */
export const MAX_LISTED = 2 * MAX_CANDIDATES;
/** How far down each source is read: as far as a page is long. Further down there is more to find, too low to be shown. */
const DEPTH = 20;
/** Items of the session itself that may come back, from the last one back. */
const MAX_REPEATS = 20;

/** What a model that scores every item says after a session. */
/** @typeParam Item in whose numbering it speaks */
export type EncoderWord<Item extends number = number> = {
  /** Writes the best items, best first; ranks without one hold -1. */
  listBest(into: Int32Array): void;
  /** Log-probability; -Infinity for what must not be proposed. */
  scoreOf(item: Item): number;
};

/** Buffers are reused by the next `generate`. */
export type CandidateList = {
  count: number;
  /** The first so many are the sources' own; what follows was proposed by somebody else and is no part of their ranks. */
  core: number;
  /** [count] */
  items: Int32Array;
  /**
   * Of each candidate, every source's score in the order of `names`: first the retrievers (0 where unknown), then the
   * encoders (log-probabilities); [count, sources].
   */
  scores: Float32Array;
};

export class CandidateGenerator {
  /** Of all sources, in the order of the scores. */
  readonly names: readonly string[];
  readonly retrievers: readonly ScoringRetriever[];
  readonly #list: CandidateList;
  /** Items of the list that is being made. */
  readonly #listed = new Set<number>();

  /** @param encoders names of the models that score every item */
  constructor(retrievers: readonly ScoringRetriever[], encoders: readonly string[]) {
    this.retrievers = retrievers;
    this.names = [...retrievers.map(({ name }) => name), ...encoders];
    this.#list = {
      count: 0,
      core: 0,
      items: new Int32Array(MAX_LISTED),
      scores: new Float32Array(MAX_LISTED * this.names.length),
    };
  }

  /**
   * Where the union is too large, every source gets its best in first.
   *
   * @param session items so far, oldest first
   * @param words of the encoders, in the order of their names
   * @param extras items that come behind the sources' own
   */
  generate(
    session: readonly number[],
    words: readonly EncoderWord[],
    extras: readonly number[] = [],
  ): CandidateList {
    const proposals = [
      ...words.map(bestOf),
      ...this.retrievers.map((source) => source.retrieve(session, DEPTH).map(({ item }) => item)),
    ];
    this.#listed.clear();
    this.#list.count = 0;
    for (const item of session.slice(-MAX_REPEATS)) this.#put(item, MAX_CANDIDATES);
    for (let rank = 0; rank < DEPTH; rank++) {
      for (const proposal of proposals) {
        const item = proposal[rank];
        if (item !== undefined) this.#put(item, MAX_CANDIDATES);
      }
    }
    this.#list.core = this.#list.count;
    for (const item of extras) this.#put(item, MAX_LISTED);
    this.#fillScores(words);
    return this.#list;
  }

  #fillScores(words: readonly EncoderWord[]): void {
    const { count, items, scores } = this.#list;
    const width = this.names.length;
    for (const [column, source] of this.retrievers.entries()) {
      for (let index = 0; index < count; index++) {
        scores[index * width + column] = source.scoreOf(items[index] ?? 0);
      }
    }
    for (const [column, word] of words.entries()) {
      const at = this.retrievers.length + column;
      for (let index = 0; index < count; index++) {
        scores[index * width + at] = word.scoreOf(items[index] ?? 0);
      }
    }
  }

  #put(item: number, most: number): void {
    if (this.#list.count === most || this.#listed.has(item)) return;
    this.#listed.add(item);
    this.#list.items[this.#list.count++] = item;
  }
}

function bestOf(word: EncoderWord): Int32Array {
  const best = new Int32Array(DEPTH);
  word.listBest(best);
  return best.filter((item) => item >= 0);
}

/** The word of an encoder whose log-probabilities of all items are a row. */
export function wordOfRow(row: Float32Array): EncoderWord {
  return {
    listBest: (into) => listBest(row, into),
    scoreOf: (item) => row[item] ?? -Infinity,
  };
}

/**
 * Makes an encoder's scores log-probabilities over the items that have been seen, in place; what nobody ever clicked
 * gets -Infinity, since its vector means nothing yet. Gives what was taken off: a score that is not in the row becomes
 * comparable by it.
 */
export function toLogProbabilities(row: Float32Array, isKnown: (item: number) => boolean): number {
  for (let item = 0; item < row.length; item++) if (!isKnown(item)) row[item] = -Infinity;
  const shift = logTotal(row);
  for (let item = 0; item < row.length; item++) row[item] = (row[item] ?? 0) - shift;
  return shift;
}
