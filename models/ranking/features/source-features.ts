// What one source's scores become beside those of the other candidates: the share, the size against the best, the rank.
import { descendingKey } from "../../evaluate/descending-key.ts";

/** Features of each source, in the order in which they are written. */
export const SOURCE_FEATURES = ["log_share", "of_best", "rank"] as const;

/** Smallest share that is told from nothing. */
const SMALLEST_SHARE = 1e-4;
/** `log_share` and `of_best` of a log-probability lie in like ranges as those of a retriever's score. */
const LOWEST_LOG = -20;
const LOG_UNIT = 3;

/** Ranks are packed below the 32 bits of a score: up to 1,024 candidates. */
const RANK_ROOM = 1024;

/** Writes the features of sources into a matrix, column by column. Keeps its buffers between calls. */
export class SourceFeatures {
  #keys = new Float64Array(0);
  #ranks = new Int32Array(0);

  /**
   * @param scores [count, sources]; 0 stands for unknown where `isLog` is false, else they are log-probabilities
   * @param counts `core`: the first so many are ranked against each other; the others, up to `all`, against those
   * @param out [all, width]; written from column `at` on
   */
  write(
    scores: Float32Array,
    source: { column: number; of: number; isLog: boolean },
    { core, all }: { core: number; all: number },
    out: Float32Array,
    width: number,
    at: number,
  ): void {
    this.#rank(scores, source, core, all);
    const read = (index: number): number => scores[index * source.of + source.column] ?? 0;
    let best = source.isLog ? -Infinity : 0;
    let total = 0;
    for (let index = 0; index < core; index++) {
      const score = read(index);
      if (score > best) best = score;
      total += score;
    }
    for (let index = 0; index < all; index++) {
      const score = read(index);
      const to = index * width + at;
      const proposed = source.isLog ? score > -Infinity : score > 0;
      const rank = proposed ? 1 / Math.sqrt(1 + (this.#ranks[index] ?? 0)) : 0;
      if (source.isLog) {
        out[to] = Math.max(LOWEST_LOG, score);
        out[to + 1] = proposed
          ? Math.max(LOWEST_LOG, score - best) / LOG_UNIT
          : LOWEST_LOG / LOG_UNIT;
      } else {
        out[to] = Math.log((total > 0 ? score / total : 0) + SMALLEST_SHARE);
        out[to + 1] = best > 0 ? score / best : 0;
      }
      out[to + 2] = rank;
    }
  }

  /** Ranks from 0, best first; ties by index. */
  #rank(
    scores: Float32Array,
    { column, of }: { column: number; of: number },
    core: number,
    count: number,
  ): void {
    if (this.#keys.length < count) {
      this.#keys = new Float64Array(count);
      this.#ranks = new Int32Array(count);
    }
    const keys = this.#keys.subarray(0, count);
    for (let index = 0; index < count; index++) {
      keys[index] = descendingKey(scores[index * of + column] ?? 0) * RANK_ROOM + index;
    }
    keys.sort();
    let rank = 0;
    for (const key of keys) {
      const index = key % RANK_ROOM;
      this.#ranks[index] = rank;
      if (index < core) rank++;
    }
  }
}
