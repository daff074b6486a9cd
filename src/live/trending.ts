// What is popular now, overall and by category: weights that decay by event time, of items that enough shoppers cared for.
import type { EventName } from "../../durable/state/event.ts";
import { ForwardDecay } from "../../models/baselines/forward-decay.ts";
import { growDoubles } from "../catalog/columns.ts";
import { selectTop } from "../catalog/top-k.ts";
import { largeCrowdOf, TREND_SHOPPERS } from "./crowd.ts";
import type { Grant } from "./fair-share.ts";
import { RecentShoppers } from "./recent-shoppers.ts";

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

/** Items that the shop's list, and a category's, should have before shoppers are too few for an item. */
const ENOUGH = 20;
const ENOUGH_OF_CATEGORY = 5;

export type TrendingOptions = {
  listLength?: number;
  /** Different shoppers that an item needs, in a shop that has many. */
  leastShoppers?: number;
};

export class Trending {
  #weights: Float64Array = new Float64Array(0);
  readonly #shoppers = new RecentShoppers();
  readonly #decay = new ForwardDecay(HALF_LIFE, (factor) => {
    this.#weights = this.#weights.map((weight) => weight * factor);
  });
  readonly #lists = new Map<number, readonly number[]>();
  readonly #listLength: number;
  readonly #leastShoppers: number;

  constructor({ listLength = LIST_LENGTH, leastShoppers = TREND_SHOPPERS }: TrendingOptions = {}) {
    this.#listLength = listLength;
    this.#leastShoppers = leastShoppers;
  }

  /** Counts one event about an item. Events may come in any order; very old ones count nothing. */
  observe(item: number, grant: Pick<Grant, "weight" | "shoppers" | "everybody">, at: number): void {
    if (grant.weight === 0 && grant.shoppers === 0) return;
    this.#weights = growDoubles(this.#weights, item + 1, 0);
    const grown = grant.weight * this.#decay.weigh(at);
    this.#weights[item] = (this.#weights[item] ?? 0) + grown;
    this.#shoppers.observe(item, grant, at);
    if (this.#lists.size > 0) this.#lists.clear();
  }

  /** Comparable between items only. */
  weigh(item: number): number {
    return this.#weights[item] ?? 0;
  }

  /** All shoppers of today and yesterday. */
  get everybody(): number {
    return this.#shoppers.everybody;
  }

  /** All items that enough shoppers cared for, best first, at most the list length. */
  rankAll(): readonly number[] {
    return this.#cache(-1, () => {
      const { length } = this.#weights;
      const isCommon = this.#judge(length, (item) => item, ENOUGH);
      return [...selectTop(this.#weights, length, this.#listLength, isCommon).indexes];
    });
  }

  /** The same among `members` of the category with this code. */
  rankCategory(code: number, members: readonly number[]): readonly number[] {
    return this.#cache(code, () => {
      const weights = members.map((item) => this.#weights[item] ?? 0);
      const isCommon = this.#judge(
        members.length,
        (index) => members[index] ?? -1,
        ENOUGH_OF_CATEGORY,
      );
      const top = selectTop(weights, weights.length, this.#listLength, isCommon);
      return [...top.indexes].map((index) => members[index] ?? -1);
    });
  }

  /** Whether the item at an index has weight, and shoppers enough. */
  #judge(length: number, itemAt: (index: number) => number, enough: number) {
    const counts = Float64Array.from({ length }, (_, i) => this.#shoppers.of(itemAt(i)));
    const most = selectTop(counts, length, enough, (index) => (counts[index] ?? 0) > 0).indexes;
    const last = most.length < enough ? 0 : (counts[most[enough - 1] ?? -1] ?? 0);
    const crowd = largeCrowdOf(this.everybody, this.#leastShoppers, last);
    return (index: number) =>
      (this.#weights[itemAt(index)] ?? 0) > 0 && (crowd === 0 || (counts[index] ?? 0) > crowd);
  }

  #cache(code: number, rank: () => number[]): readonly number[] {
    const cached = this.#lists.get(code);
    if (cached !== undefined) return cached;
    const ranked = rank();
    this.#lists.set(code, ranked);
    return ranked;
  }
}
