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
  /** Place of each item in `#leaders`, or ABSENT. */
  #places = new Int32Array(0);
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
    for (let place = 0; place < Math.min(k, this.#count); place++) {
      const item = this.#leaders[place] ?? 0;
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
    for (const [place, item] of leaders.entries()) this.#places[item] = place;
  }

  #promote(item: number): void {
    let place = this.#places[item] ?? ABSENT;
    if (place === ABSENT) {
      if (this.#count < this.#leaders.length) place = this.#count++;
      else {
        const last = this.#leaders[this.#count - 1] ?? 0;
        if (!this.#precedes(item, last)) return;
        this.#places[last] = ABSENT;
        place = this.#count - 1;
      }
    }
    while (place > 0) {
      const above = this.#leaders[place - 1] ?? 0;
      if (!this.#precedes(item, above)) break;
      this.#put(above, place--);
    }
    this.#put(item, place);
  }

  #precedes(a: number, b: number): boolean {
    const [left, right] = [this.#weights[a] ?? 0, this.#weights[b] ?? 0];
    return left === right ? a < b : left > right;
  }

  #put(item: number, place: number): void {
    this.#leaders[place] = item;
    this.#places[item] = place;
  }

  #grow(needed: number): void {
    const before = this.#places.length;
    const capacity = nextCapacity(before, needed);
    this.#weights = growFloats(this.#weights, capacity);
    this.#places = growInts(this.#places, capacity).fill(ABSENT, before);
  }
}
