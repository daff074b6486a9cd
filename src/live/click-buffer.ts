// The last clicks of all shoppers, kept small, so that retrieval sources that come later (with a new model) can learn
// from what the isolate has read already.
import { growFloats, growInts, nextCapacity } from "../../models/baselines/growth.ts";
import type { Click } from "../../models/baselines/retriever.ts";

/** 16 bytes a click: 3 MB. */
const MAX_CLICKS = 200_000;
/** Sessions that are told apart by name; one that goes on after so many others counts as a new one. */
const MAX_NAMES = 20_000;

export class ClickBuffer {
  #items = new Int32Array(0);
  #sessions = new Int32Array(0);
  #times = new Float64Array(0);
  readonly #limit: number;
  #names = new Map<string, number>();
  #named = 0;
  /** Clicks that were ever kept. */
  length = 0;

  constructor(limit = MAX_CLICKS) {
    this.#limit = limit;
  }

  /** Gives the click as it was kept, with a number for its session. */
  append({ session, item, timestamp }: Click & { session: string }): Click {
    const index = this.length % this.#limit;
    if (index >= this.#items.length) {
      const capacity = nextCapacity(this.#items.length, index + 1, this.#limit);
      this.#items = growInts(this.#items, capacity);
      this.#sessions = growInts(this.#sessions, capacity);
      this.#times = growFloats(this.#times, capacity);
    }
    const number = this.#number(session);
    this.#items[index] = item;
    this.#sessions[index] = number;
    this.#times[index] = timestamp;
    this.length++;
    return { session: number, item, timestamp };
  }

  /** The oldest click that is still there. */
  get start(): number {
    return Math.max(0, this.length - this.#limit);
  }

  /** The click at an index, `start` <= index < `length`. */
  at(index: number): Click {
    const at = index % this.#limit;
    return {
      session: this.#sessions[at] ?? 0,
      item: this.#items[at] ?? 0,
      timestamp: this.#times[at] ?? 0,
    };
  }

  #number(name: string): number {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    if (this.#names.size >= MAX_NAMES) this.#names = new Map();
    this.#names.set(name, this.#named);
    return this.#named++;
  }
}
