// Follows shoppers through an event log with the very folds that the Shopper objects run, so that a ranking model
// learns from the states that it will meet.
import { readShopper } from "../../../durable/state/features.ts";
import type { CandidateItem } from "../../../durable/state/features.ts";
import {
  emptyShop,
  replayedState,
  replayEvent,
  replayIdentify,
} from "../../../durable/state/replay.ts";
import { emptyShopper } from "../../../durable/state/shopper.ts";
import type { SessionSequence } from "../../../models/next-item/data/dataset.ts";
import type { ShopperView } from "../../../models/ranking/features/features.ts";
import type { ShopperWatch } from "../../../models/ranking/train/replay.ts";
import { dispatchEvent } from "../../ingest/dispatch.ts";
import type { Dispatch, DispatchSettings } from "../../ingest/dispatch.ts";
import type { WireEvent } from "../simulate/wire.ts";

/** Numbers of the log's events by session and index there. */
export type Ordinals = ReadonlyMap<SessionSequence, readonly number[]>;

export class LogWatch implements ShopperWatch {
  readonly #events: AsyncIterator<WireEvent>;
  readonly #settings: DispatchSettings;
  readonly #ordinals: Ordinals;
  readonly #itemOf: (item: number) => CandidateItem;
  readonly #shop = emptyShop();
  /** The event that is next to be folded, and its number. */
  #ahead: Dispatch | null = null;
  #number = -1;

  constructor(
    events: AsyncIterable<WireEvent>,
    settings: DispatchSettings,
    ordinals: Ordinals,
    itemOf: (item: number) => CandidateItem,
  ) {
    this.#events = events[Symbol.asyncIterator]();
    this.#settings = settings;
    this.#ordinals = ordinals;
    this.#itemOf = itemOf;
  }

  ordinalOf(session: SessionSequence, at: number): number {
    return this.#ordinals.get(session)?.[at] ?? -1;
  }

  async viewBefore(ordinal: number, now: number): Promise<ShopperView> {
    while (this.#number < ordinal) {
      if (this.#ahead !== null) this.#fold(this.#ahead);
      const next = await this.#events.next();
      if (next.done === true) throw new Error(`the log has no event ${ordinal}`);
      this.#ahead = await dispatchEvent(next.value, this.#settings);
      this.#number++;
    }
    const shopper = this.#ahead?.kind === "ingest" ? this.#ahead.shopper : null;
    const state = shopper === null ? null : replayedState(this.#shop, shopper);
    return { reading: readShopper(state ?? emptyShopper(), now), itemOf: this.#itemOf };
  }

  #fold(dispatch: Dispatch): void {
    if (!("delivery" in dispatch)) return;
    const { event, fold } = dispatch.delivery;
    if (dispatch.kind === "link")
      replayIdentify(this.#shop, dispatch.anonymous, dispatch.user, event);
    else if (fold) replayEvent(this.#shop, dispatch.shopper, event);
  }
}
