// What a replay measures the Worker against, question by question, and which kinds a question is of. It learns from each
// event when it is sent, as the Worker does.
import type { WireEvent } from "../simulate/wire.ts";
import type { Ask } from "./batches.ts";
import { LastItemRanking } from "./last-item.ts";
import { PopularityRanking } from "./popularity.ts";
import { RecentlyViewedRanking } from "./recently-viewed.ts";
import { lengthSlice, type SliceName, type YardstickName } from "./tally.ts";

const DAY_MS = 86_400_000;

/** `slices`: all that the question belongs to; `ranks` from 1, infinite beyond the cut. */
export type Measured = { slices: SliceName[]; ranks: Record<YardstickName, number> };

export class Yardsticks {
  readonly #popularity = new PopularityRanking();
  readonly #lastItem = new LastItemRanking();
  readonly #recent = new RecentlyViewedRanking();
  /** By item: when the log first told of it, ms. */
  readonly #since = new Map<string, number>();

  observe(event: WireEvent): void {
    const [line] = event.items ?? [];
    if (event.name === "view_item" && line !== undefined) this.#popularity.observe(line.item_id);
    this.#lastItem.observe(event);
    this.#recent.observe(event);
    for (const { item_id } of event.items ?? []) {
      if (!this.#since.has(item_id)) this.#since.set(item_id, event.timestamp);
    }
  }

  measure(ask: Ask): Measured {
    const { actor, target } = ask;
    return {
      slices: this.#slicesOf(ask),
      ranks: {
        popularity: this.#popularity.rankOf(target),
        co_visitation: this.#lastItem.rankOf(actor, target),
        recently_viewed: this.#recent.rankOf(actor, target),
        recently_viewed_co_visitation: this.#recent.rankWithPairs(actor, target),
      },
    };
  }

  #slicesOf({ actor, target, at, session, isFirst }: Ask): SliceName[] {
    const age = at - (this.#since.get(target) ?? at);
    return [
      "all",
      this.#recent.hasTouched(actor, target) ? "revisit" : "discovery",
      ...(age < DAY_MS ? (["item_younger_than_a_day"] as const) : []),
      ...(isFirst ? (["first_question"] as const) : []),
      lengthSlice(this.#recent.lengthOf(actor, session)),
    ];
  }
}
