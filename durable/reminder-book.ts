// Reminders of one shopper in its object: the state machine of state/reminders with a row to keep it in, a catalogue to ask
// and a queue to tell. Everything is asked before it decides, so nothing happens between the look and the decision.
import type { ReminderClaim, ReminderMessage } from "./contract.ts";
import { readFacts, readReminderRules } from "./read-offers.ts";
import { log } from "./log-line.ts";
import type { ShopperMemory } from "./shopper-memory.ts";
import { allowsMarketing, lastPurchase, NO_REMINDER_STATE } from "./state/reminders/state.ts";
import type { ReminderState, Touch, View } from "./state/reminders/state.ts";
import { absorbTouches, claim, noteCart, settle, wake } from "./state/reminders/step.ts";

export type ReminderDeps = {
  memory: ShopperMemory;
  db: D1Database;
  send: (message: ReminderMessage) => Promise<unknown>;
  now: () => number;
};

/** After a look for which D1 or the queue could not be reached, ms. */
const LOOK_AGAIN = 60_000;

export class ReminderBook {
  readonly #deps: ReminderDeps;
  /** As it is stored; undefined until first read. */
  #state: ReminderState | undefined;

  constructor(deps: ReminderDeps) {
    this.#deps = deps;
  }

  get state(): ReminderState {
    return (this.#state ??= this.#deps.memory.store?.readReminders() ?? NO_REMINDER_STATE);
  }

  /** After events were folded, in the same turn. */
  note(): void {
    const { memory, now } = this.#deps;
    if (memory.store === null) return;
    this.#keep(noteCart(this.state, memory.state.cart, now()));
  }

  absorb(touches: readonly Touch[]): void {
    this.#keep(absorbTouches(this.state, touches));
  }

  /** Emits what is due. Messages that are lost are sent again by a later look. */
  async wake(): Promise<void> {
    const { memory, now, send } = this.#deps;
    const { look_at } = this.state;
    if (look_at === null || look_at > now()) return;
    try {
      const view = await this.#look();
      const { state, emitted } = wake(this.state, view(), now());
      this.#keep(state);
      for (const emission of emitted) {
        await send({ ...emission, shopper: memory.shopper, at: now() });
      }
    } catch (error) {
      log("warn", "reminders_deferred", {}, error);
      this.#keep({ ...this.state, look_at: now() + LOOK_AGAIN });
    }
  }

  async claim(reminder_id: string): Promise<ReminderClaim> {
    const view = await this.#look();
    return this.#claim(reminder_id, view());
  }

  async claimOnSite(): Promise<ReminderClaim[]> {
    const { memory, now, send } = this.#deps;
    if (memory.store === null) return [];
    const view = await this.#look();
    const { state, emitted } = wake(this.state, view(), now());
    this.#keep(state);
    const open = state.pending.filter((each) => each.channel === "on_site" && !each.is_settled);
    const claims = open.map(({ reminder_id }) => this.#claim(reminder_id, view()));
    for (const emission of emitted) {
      await send({ ...emission, shopper: memory.shopper, at: now() });
    }
    return claims.filter(({ kind }) => kind === "send");
  }

  settle(reminder_id: string): void {
    this.#keep(settle(this.state, reminder_id, this.#deps.now()));
  }

  /** After the storage was emptied, or the shopper became another. */
  forget(): void {
    this.#keep(NO_REMINDER_STATE);
    this.#state = undefined;
  }

  #claim(reminder_id: string, view: View): ReminderClaim {
    const claimed = claim(this.state, reminder_id, view, this.#deps.now());
    this.#keep(claimed.state);
    return { ...claimed.claim, cart: view.cart };
  }

  /** What has to be asked is asked; what is at hand is read when the view is called for. */
  async #look(): Promise<() => View> {
    const { memory, db } = this.#deps;
    const ids = memory.state.cart.lines.map(({ item_id }) => item_id);
    const [rules, facts] = await Promise.all([readReminderRules(db), readFacts(db, ids)]);
    return () => {
      const { state, consent, shopper } = memory;
      const { cart, profile } = state;
      return {
        shopper,
        cart,
        last_seen: profile.last_seen,
        bought_at: lastPurchase(state),
        marketing: allowsMarketing(consent?.consent ?? null),
        rules,
        facts,
      };
    };
  }

  #keep(state: ReminderState): void {
    if (state === this.state) return;
    this.#state = state;
    this.#deps.memory.store?.writeReminders(state);
  }
}
