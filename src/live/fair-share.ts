// How much one shopper may move what everybody sees: the same item counts once a day, by the strongest thing that was
// done with it, and a day has room for so many items. It knows shoppers by a fingerprint only.
import { hashText } from "../catalog/hash.ts";

/** What one event adds to the sums of all shoppers. */
export type Grant = {
  /** On top of what the shopper's earlier events of the day gave the item. */
  weight: number;
  /** 1 where the item is new to the shopper today, else 0. */
  shoppers: 0 | 1;
  /** 1 where nothing of the shopper was counted today, else 0. */
  everybody: 0 | 1;
  /** Of the shopper on the item before this one, today; at most `MAX_FOLLOWED_CLICKS`, Infinity where no more count. */
  clicks: number;
};

const NOTHING: Grant = { weight: 0, shoppers: 0, everybody: 0, clicks: Infinity };

const DAY = 86_400_000;

/** Items of one shopper that count in one day: who looks at more is a crawler. */
const MAX_ITEMS = 200;

/**
 * Clicks of one shopper on one item in one day that others learn from: a second look tells something, a third does not.
 * What ranking models read is counted as it was in training, where only crawlers are left out.
 */
export const MAX_CLICKS = 2;
export const MAX_FOLLOWED_CLICKS = 8;

/** Pairs of shopper and item that are remembered, a power of two; one that another takes the place of counts anew. 1.5 MB. */
const SLOTS = 2 ** 18;

/** Stands for no item: its slot counts the shopper's items. */
const ALL_ITEMS = -1;

export class FairShare {
  /** By slot: whose it is, what it was given, how often it was clicked (or how many items there were). */
  readonly #owners = new Int32Array(SLOTS);
  readonly #given = new Uint8Array(SLOTS);
  readonly #clicks = new Uint8Array(SLOTS);
  #newest = Number.NEGATIVE_INFINITY;

  /** @param weight at most 255 */
  take(shopper: string, item: number, weight: number, timestamp: number): Grant {
    this.#newest = Math.max(this.#newest, timestamp);
    // What is older than a day counts as yesterday's: else there would be a share for each day of the past.
    const day = Math.floor(Math.max(timestamp, this.#newest - DAY) / DAY);
    const name = hashText(shopper);
    const own = this.#open(name, day, ALL_ITEMS);
    const slot = this.#open(name, day, item);
    const clicks = this.#clicks[slot] ?? 0;
    const items = this.#clicks[own] ?? 0;
    if (clicks === 0) {
      if (items === MAX_ITEMS) return NOTHING;
      this.#clicks[own] = items + 1;
    }
    this.#clicks[slot] = Math.min(clicks + 1, MAX_FOLLOWED_CLICKS);
    const given = this.#given[slot] ?? 0;
    this.#given[slot] = Math.max(given, weight);
    return {
      weight: Math.max(0, weight - given),
      // Who comes back each day is still one.
      shoppers: clicks === 0 && !this.#has(name, day - 1, item) ? 1 : 0,
      everybody: items === 0 && !this.#has(name, day - 1, ALL_ITEMS) ? 1 : 0,
      clicks,
    };
  }

  #has(name: number, day: number, item: number): boolean {
    const { slot, owner } = place(name, day, item);
    return this.#owners[slot] === owner;
  }

  /** The slot of the pair, emptied where it was another's. */
  #open(name: number, day: number, item: number): number {
    const { slot, owner } = place(name, day, item);
    if (this.#owners[slot] !== owner) {
      this.#owners[slot] = owner;
      this.#given[slot] = 0;
      this.#clicks[slot] = 0;
    }
    return slot;
  }
}

/** Where a pair is kept, and what it is told by there; 0 is nobody's. */
function place(name: number, day: number, item: number): { slot: number; owner: number } {
  let mixed = Math.imul(name ^ Math.imul(day, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15) ^ Math.imul(item + 2, 0xc2b2ae35), 0x27d4eb2f);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0x165667b1);
  const slot = (mixed ^ (mixed >>> 16)) & (SLOTS - 1);
  return { slot, owner: (name ^ Math.imul(item + day, 0x165667b1)) | 1 };
}
