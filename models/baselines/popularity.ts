// The most clicked items, of all time or with a half-life ("trending"). The list is kept sorted click by click.
import { ForwardDecay } from "./forward-decay.ts";
import { growFloats, growInts, nextCapacity } from "./growth.ts";
import type { Candidate, Click, ScoringRetriever } from "./retriever.ts";

export type PopularityOptions = {
  name?: string;
  /** ms after which a click counts half; Infinity (the default) counts all alike. */
  halfLife?: number;
  /** How long the list is at most. */
  maxLeaders?: number;
};

/** Serving asks for at most 500 candidates. */
const MAX_LEADERS = 1000;

const ABSENT = -1;

export class Popularity implements ScoringRetriever {
  readonly name: string;
  readonly #decay: ForwardDecay;
  #weights = new Float64Array(0);
  /** Rank of each item in `#leaders`, or ABSENT. */
  #ranks = new Int32Array(0);
  readonly #leaders: Int32Array;
  #count = 0;
  #total = 0;

  constructor(options: PopularityOptions = {}) {
    this.name = options.name ?? "popularity";
    this.#leaders = new Int32Array(options.maxLeaders ?? MAX_LEADERS);
    this.#decay = new ForwardDecay(options.halfLife ?? Infinity, (factor) => this.#rescale(factor));
  }

  observe(click: Click): void {
    const { item } = click;
    if (item >= this.#weights.length) this.#grow(item + 1);
    const weight = this.#decay.weigh(click.timestamp);
    this.#weights[item] = (this.#weights[item] ?? 0) + weight;
    this.#total += weight;
    this.#promote(item);
  }

  /** Sums only grow, so an item can only rise, and the list stays exact. Score: share of all clicks. */
  retrieve(_session: readonly number[], k: number): Candidate[] {
    const candidates: Candidate[] = [];
    for (let rank = 0; rank < Math.min(k, this.#count); rank++) {
      const item = this.#leaders[rank] ?? 0;
      candidates.push({ item, score: (this.#weights[item] ?? 0) / this.#total });
    }
    return candidates;
  }

  scoreOf(item: number): number {
    return this.#total === 0 ? 0 : (this.#weights[item] ?? 0) / this.#total;
  }

  #rescale(factor: number): void {
    for (let item = 0; item < this.#weights.length; item++) {
      this.#weights[item] = (this.#weights[item] ?? 0) * factor;
    }
    this.#total *= factor;
    // Sums that vanish become equal, and equals stand in order of item.
    const leaders = this.#leaders.subarray(0, this.#count);
    leaders.sort((a, b) => (this.#precedes(a, b) ? -1 : 1));
    for (const [rank, item] of leaders.entries()) this.#ranks[item] = rank;
  }

  #promote(item: number): void {
    let rank = this.#ranks[item] ?? ABSENT;
    if (rank === ABSENT) {
      if (this.#count < this.#leaders.length) rank = this.#count++;
      else {
        const last = this.#leaders[this.#count - 1] ?? 0;
        if (!this.#precedes(item, last)) return;
        this.#ranks[last] = ABSENT;
        rank = this.#count - 1;
      }
    }
    while (rank > 0) {
      const above = this.#leaders[rank - 1] ?? 0;
      if (!this.#precedes(item, above)) break;
      this.#put(above, rank--);
    }
    this.#put(item, rank);
  }

  #precedes(a: number, b: number): boolean {
    const [left, right] = [this.#weights[a] ?? 0, this.#weights[b] ?? 0];
    return left === right ? a < b : left > right;
  }

  #put(item: number, rank: number): void {
    this.#leaders[rank] = item;
    this.#ranks[item] = rank;
  }

  #grow(needed: number): void {
    const before = this.#ranks.length;
    const capacity = nextCapacity(before, needed);
    this.#weights = growFloats(this.#weights, capacity);
    this.#ranks = growInts(this.#ranks, capacity).fill(ABSENT, before);
  }
}
