// Adds up scores of few ids out of many, query after query, without clearing or allocating in between.
import { growFloats, growInts, nextCapacity } from "./growth.ts";
import type { Candidate } from "./retriever.ts";
import { selectBest } from "./select-best.ts";

/** Stamps are 32 bit; before they run out the array is cleared once. */
const LAST_STAMP = 2 ** 31 - 1;

export class SparseScores {
  #scores = new Float64Array(0);
  /** The query in which an id was last touched: an older stamp means a score of 0. */
  #stamps = new Int32Array(0);
  #touched = new Int32Array(0);
  #count = 0;
  #stamp = 0;

  /** Forgets all scores. */
  clear(): void {
    this.#count = 0;
    if (this.#stamp === LAST_STAMP) {
      this.#stamps.fill(0);
      this.#stamp = 0;
    }
    this.#stamp++;
  }

  /** Adds to the id's score; true where it is the first since `clear`. */
  add(id: number, score: number): boolean {
    if (id >= this.#scores.length) this.#grow(id + 1);
    if (this.#stamps[id] === this.#stamp) {
      this.#scores[id] = (this.#scores[id] ?? 0) + score;
      return false;
    }
    this.#stamps[id] = this.#stamp;
    this.#scores[id] = score;
    this.#touched[this.#count++] = id;
    return true;
  }

  /** The score of an id that was added since `clear`. */
  of(id: number): number {
    return this.#scores[id] ?? 0;
  }

  /** The score of any id; 0 where none was added since `clear`. */
  find(id: number): number {
    return this.#stamps[id] === this.#stamp ? this.of(id) : 0;
  }

  multiplyEach(factor: (id: number) => number): void {
    for (let index = 0; index < this.#count; index++) {
      const id = this.#touched[index] ?? 0;
      this.#scores[id] = (this.#scores[id] ?? 0) * factor(id);
    }
  }

  /** Calls `visit` for the best `k` ids, best first. `tieBreak(a, b)` is true where `a` goes first. */
  visitBest(
    k: number,
    visit: (id: number, score: number) => void,
    tieBreak: (a: number, b: number) => boolean = (a, b) => a < b,
  ): void {
    const scores = this.#scores;
    const size = selectBest(this.#touched, this.#count, k, (a, b) => {
      const difference = (scores[a] ?? 0) - (scores[b] ?? 0);
      return difference === 0 ? tieBreak(a, b) : difference > 0;
    });
    for (let index = 0; index < size; index++) {
      const id = this.#touched[index] ?? 0;
      visit(id, this.of(id));
    }
  }

  toCandidates(k: number): Candidate[] {
    const candidates: Candidate[] = [];
    this.visitBest(k, (item, score) => candidates.push({ item, score }));
    return candidates;
  }

  #grow(needed: number): void {
    const capacity = nextCapacity(this.#scores.length, needed);
    this.#scores = growFloats(this.#scores, capacity);
    this.#stamps = growInts(this.#stamps, capacity);
    this.#touched = growInts(this.#touched, capacity);
  }
}
