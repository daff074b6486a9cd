// Shoppers' states along a log, by the very folds that the Shopper objects run: for the features that a
// ranking model learns from, and for the questions that champion and challenger are asked.
import {
  emptyShop,
  replayedState,
  replayEvent,
  replayIdentify,
} from "../../durable/state/replay.ts";
import type { ShopperState } from "../../durable/state/shopper.ts";
import type { LoggedEvent } from "./to-event.ts";

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
