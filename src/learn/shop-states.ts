// Shoppers' states along an exported log, by the very folds that the Shopper objects run: for the features that a
// ranking model learns from, and for the questions that champion and challenger are asked.
import { readShopper } from "../../durable/state/features.ts";
import type { CandidateItem } from "../../durable/state/features.ts";
import {
  emptyShop,
  replayedState,
  replayEvent,
  replayIdentify,
} from "../../durable/state/replay.ts";
import { emptyShopper } from "../../durable/state/shopper.ts";
import type { ShopperState } from "../../durable/state/shopper.ts";
import type { SessionSequence } from "../../models/next-item/data/dataset.ts";
import type { ShopperView } from "../../models/ranking/features/features.ts";
import type { ShopperWatch } from "../../models/ranking/train/replay.ts";
import type { ExportedLog, LoggedEvent } from "./read-exports.ts";

export class ShopStates {
  readonly #shop = emptyShop();

  /** Events in the order in which they happened. */
  fold({ shopper, linked_from, personalization, event }: LoggedEvent): void {
    if (!personalization) return;
    if (linked_from === null) replayEvent(this.#shop, shopper, event);
    else replayIdentify(this.#shop, linked_from, shopper, event);
  }

  /** Null for one never seen. */
  stateOf(shopper: string): ShopperState | null {
    return replayedState(this.#shop, shopper);
  }
}

/** For one pass over the log. */
export class ExportWatch implements ShopperWatch {
  readonly #log: Pick<ExportedLog, "events" | "ordinals">;
  readonly #itemOf: (item: number) => CandidateItem;
  readonly #states = new ShopStates();
  #next = 0;

  constructor(log: ExportedLog) {
    const { items, vocabulary } = log;
    this.#log = log;
    const nothing = { price: null, category: null, brand: null };
    const known = vocabulary.map((item_id) => {
      const { price, category, brand } = items.get(item_id) ?? nothing;
      return { item_id, price, category, brand };
    });
    this.#itemOf = (item) => known[item] ?? { item_id: "", ...nothing };
  }

  ordinalOf(session: SessionSequence, at: number): number {
    return this.#log.ordinals.get(session)?.[at] ?? -1;
  }

  viewBefore(ordinal: number, now: number): Promise<ShopperView> {
    const { events } = this.#log;
    for (; this.#next < ordinal; this.#next++) {
      const event = events[this.#next];
      if (event !== undefined) this.#states.fold(event);
    }
    const state = this.#states.stateOf(events[ordinal]?.shopper ?? "") ?? emptyShopper();
    return Promise.resolve({ reading: readShopper(state, now), itemOf: this.#itemOf });
  }
}
