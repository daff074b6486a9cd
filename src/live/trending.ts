// What is popular now, overall and by category: counts that decay by event time.
import type { EventName } from "../../durable/state/event.ts";
import { ForwardDecay } from "../../models/baselines/forward-decay.ts";
import { growDoubles } from "../catalog/columns.ts";
import { selectTop } from "../catalog/top-k.ts";

/** ms after which an event counts half: trends of a shop live for days, and each day has all hours. */
export const HALF_LIFE = 24 * 3_600_000;

/** How much an event says about an item's draw. Views are frequent; a purchase is what they are for. */
export const EVENT_WEIGHTS: Partial<Record<EventName, number>> = {
  select_item: 1,
  view_item: 1,
  add_to_cart: 4,
  begin_checkout: 2,
  purchase: 8,
};

/** Items kept of each list. A request shows 100 at most; the rest makes up for those that filters take away. */
const LIST_LENGTH = 400;

export class Trending {
  #weights: Float64Array = new Float64Array(0);
  readonly #decay = new ForwardDecay(HALF_LIFE, (factor) => {
    this.#weights = this.#weights.map((weight) => weight * factor);
  });
  readonly #lists = new Map<number, readonly number[]>();
  readonly #listLength: number;

  constructor(listLength = LIST_LENGTH) {
    this.#listLength = listLength;
  }

  /** Counts one event about an item. Events may come in any order; very old ones count nothing. */
  observe(item: number, name: EventName, timestamp: number): void {
    const weight = EVENT_WEIGHTS[name];
    if (weight === undefined) return;
    this.#weights = growDoubles(this.#weights, item + 1, 0);
    const grown = weight * this.#decay.weigh(timestamp);
    this.#weights[item] = (this.#weights[item] ?? 0) + grown;
    if (this.#lists.size > 0) this.#lists.clear();
  }

  /** Comparable between items only. */
  weigh(item: number): number {
    return this.#weights[item] ?? 0;
  }

  /** All items with any weight, best first, at most the list length. */
  rankAll(): readonly number[] {
    return this.#cache(-1, () => {
      const { length } = this.#weights;
      const hasWeight = (item: number) => (this.#weights[item] ?? 0) > 0;
      return [...selectTop(this.#weights, length, this.#listLength, hasWeight).indexes];
    });
  }

  /** The same among `members` of the category with this code. */
  rankCategory(code: number, members: readonly number[]): readonly number[] {
    return this.#cache(code, () => {
      const weights = members.map((item) => this.#weights[item] ?? 0);
      const hasWeight = (index: number) => (weights[index] ?? 0) > 0;
      const top = selectTop(weights, weights.length, this.#listLength, hasWeight);
      return [...top.indexes].map((index) => members[index] ?? -1);
    });
  }

  #cache(code: number, rank: () => number[]): readonly number[] {
    const cached = this.#lists.get(code);
    if (cached !== undefined) return cached;
    const ranked = rank();
    this.#lists.set(code, ranked);
    return ranked;
  }
}
