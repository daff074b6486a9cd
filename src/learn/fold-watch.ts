// What a ranking model may know of the shoppers of a log: their states before each event, as their folds have them.
import { readShopper } from "../../durable/state/features.ts";
import type { CandidateItem } from "../../durable/state/features.ts";
import { emptyShopper } from "../../durable/state/shopper.ts";
import type { SessionSequence } from "../../models/next-item/data/dataset.ts";
import type { Ordinals } from "../../models/next-item/data/event-log.ts";
import type { ShopperView } from "../../models/ranking/features/features.ts";
import type { ShopperWatch } from "../../models/ranking/train/replay.ts";
import type { KnownItem } from "./read-exports.ts";
import type { LoggedEvent } from "./to-event.ts";
import { ShopStates } from "./shop-states.ts";

export type WatchedLog = {
  /** In the order in which they happened; null for one that came to nothing. */
  events: Iterable<LoggedEvent | null> | AsyncIterable<LoggedEvent | null>;
  ordinals: Ordinals;
  vocabulary: readonly string[];
  items: ReadonlyMap<string, KnownItem>;
};

const UNKNOWN: KnownItem = { price: null, category: null, brand: null };

/** For one pass over the log. */
export class FoldWatch implements ShopperWatch {
  readonly #events: AsyncIterator<LoggedEvent | null>;
  readonly #ordinals: Ordinals;
  readonly #itemOf: (item: number) => CandidateItem;
  readonly #states = new ShopStates();
  /** The event that is next to be folded, and its number. */
  #ahead: LoggedEvent | null = null;
  #number = -1;

  constructor({ events, ordinals, vocabulary, items }: WatchedLog) {
    this.#events = each(events);
    this.#ordinals = ordinals;
    const known = vocabulary.map((item_id) => describe(item_id, items.get(item_id)));
    this.#itemOf = (item) => known[item] ?? describe("", undefined);
  }

  ordinalOf(session: SessionSequence, at: number): number {
    return this.#ordinals.get(session)?.[at] ?? -1;
  }

  async viewBefore(ordinal: number, now: number): Promise<ShopperView> {
    while (this.#number < ordinal) {
      if (this.#ahead !== null) this.#states.fold(this.#ahead);
      const next = await this.#events.next();
      if (next.done === true) throw new Error(`the log has no event ${ordinal}`);
      this.#ahead = next.value;
      this.#number++;
    }
    const state = this.#ahead === null ? null : this.#states.stateOf(this.#ahead.shopper);
    return { reading: readShopper(state ?? emptyShopper(), now), itemOf: this.#itemOf };
  }
}

function describe(item_id: string, { price, category, brand } = UNKNOWN): CandidateItem {
  return { item_id, price, category, brand };
}

async function* each<T>(events: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T> {
  yield* events;
}
