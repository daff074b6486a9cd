// A baseline of a replay: what followed the shopper's last item in other sessions, learned event by event.
import { createMarkov } from "../../../models/baselines/co-visitation.ts";
import { EVENT_TYPES } from "../../../models/next-item/data/event-log.ts";
import type { WireEvent } from "../simulate/wire.ts";
import { actorKey, actorOf, actorsOf, type Actor } from "./batches.ts";
import { CUT } from "./tally.ts";

const LEARNED: ReadonlySet<string> = new Set(EVENT_TYPES);
/** Pairs of items that are further apart than one step count less, as in `models/baselines`. */
const PAIR_STEPS = 5;

export class LastItemRanking {
  readonly #pairs = createMarkov({ maxSteps: PAIR_STEPS });
  readonly #numbers = new Map<string, number>();
  /** By shopper. */
  readonly #last = new Map<string, number>();

  observe(event: WireEvent): void {
    const actor = actorKey(actorOf(event));
    if (event.name === "identify") {
      // The user goes on where the device was.
      const last = actorsOf(event).map((each) => this.#last.get(actorKey(each)));
      const item = last.findLast((each) => each !== undefined);
      if (item !== undefined) this.#last.set(actor, item);
    }
    if (!LEARNED.has(event.name)) return;
    for (const { item_id } of event.items ?? []) {
      const item = this.#number(item_id);
      const session = event.session_id ?? actor;
      this.#pairs.observe({ session, item, timestamp: event.timestamp });
      this.#last.set(actor, item);
    }
  }

  /** From 1; infinite for what is not among the first `CUT`. */
  rankOf(actor: Actor, target: string): number {
    const last = this.#last.get(actorKey(actor));
    const item = this.#numbers.get(target);
    if (last === undefined || item === undefined) return Infinity;
    const index = this.#pairs.retrieve([last], CUT).findIndex((each) => each.item === item);
    return index === -1 ? Infinity : index + 1;
  }

  #number(id: string): number {
    const known = this.#numbers.get(id) ?? this.#numbers.size;
    this.#numbers.set(id, known);
    return known;
  }
}
