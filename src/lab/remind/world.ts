// One shopper on two devices, with a queue and a receiver, for the torture of the reminders' state machine. Knows the truth
// by its own book-keeping, and writes down whatever the machine should not have sent.
import type { Cart, CartLine } from "../../../durable/state/cart/cart.ts";
import { GUARDS, type GuardTable } from "../../../durable/state/reminders/guards.ts";
import { isHeldOut } from "../../../durable/state/reminders/draw-share.ts";
import {
  NO_REMINDER_STATE,
  type ReminderState,
  type View,
} from "../../../durable/state/reminders/state.ts";
import {
  absorbTouches,
  claim,
  type Emission,
  noteCart,
  settle,
  wake,
} from "../../../durable/state/reminders/step.ts";
import { RULES } from "./rules.ts";

const HOUR = 3_600_000;
const WEEK = 168 * HOUR;

export type Harm =
  | "after_purchase"
  | "of_another_cart"
  | "without_consent"
  | "to_hold_out"
  | "doubled"
  | "over_cap"
  | "in_quiet_hours"
  | "after_erasure";

type Memory = { shopper: string; cart: Cart; bought_at: number | null; reminders: ReminderState };
type Message = Emission & { shopper: string; goods: string; erasures: number };

const EMPTY: Cart = { stage: "empty", lines: [], changed_at: null };

export class World {
  readonly harms: Harm[] = [];
  posts = 0;
  readonly #guards: GuardTable;
  readonly #memories: Memory[];
  /** Where events of the two devices go: both to the user's after an `identify`. */
  #current = 0;
  #time: number;
  /** How wrong the object's clock is, ms. */
  #skew = 0;
  #consent = true;
  #erasures = 0;
  #queue: Message[] = [];
  // The truth, by which the machine is judged.
  #step = 0;
  #changedStep = 0;
  #boughtStep = -1;
  #received = new Map<string, { rule: string; channel: string; goods: string; at: number }>();
  #settled = new Set<string>();

  constructor(name: string, start: number, guards: GuardTable = GUARDS) {
    this.#guards = guards;
    this.#time = start;
    this.#memories = [`a_${name}`, `u_${name}`].map((shopper) => ({
      shopper,
      cart: EMPTY,
      bought_at: null,
      reminders: NO_REMINDER_STATE,
    }));
  }

  get hasMail(): boolean {
    return this.#queue.length > 0;
  }

  pass(ms: number): void {
    this.#time += Math.max(1, ms);
  }

  jumpClock(ms: number): void {
    this.#skew = ms;
  }

  add(item_id: string): void {
    const { lines } = this.#here.cart;
    const known = lines.find((line) => line.item_id === item_id);
    const line: CartLine = {
      item_id,
      variant: null,
      group_id: null,
      quantity: (known?.quantity ?? 0) + 1,
      price: 1_000,
      category: null,
      brand: null,
      added_at: this.#time,
    };
    this.#change([...lines.filter((each) => each !== known), line]);
  }

  remove(item_id: string): void {
    const { lines } = this.#here.cart;
    const left = lines.filter((line) => line.item_id !== item_id);
    if (left.length < lines.length) this.#change(left);
  }

  /** @param share of the lines that is bought; 0: the back end tells of other goods */
  buy(share: number): void {
    const memory = this.#here;
    const bought = Math.ceil(memory.cart.lines.length * share);
    memory.bought_at = this.#tick();
    this.#boughtStep = this.#step;
    if (bought > 0) {
      const lines = memory.cart.lines.slice(bought);
      memory.cart = { stage: "active", lines, changed_at: this.#time };
    }
    this.#note(memory);
  }

  consent(given: boolean): void {
    this.#tick();
    this.#consent = given;
  }

  /** The visitor turns out to be the user: one cart, one past. */
  identify(): void {
    const [visitor, user] = this.#memories;
    if (this.#current === 1 || visitor === undefined || user === undefined) return;
    this.#tick();
    user.cart = { ...visitor.cart };
    user.bought_at = visitor.bought_at;
    user.reminders = absorbTouches(user.reminders, visitor.reminders.touches);
    visitor.cart = EMPTY;
    visitor.reminders = NO_REMINDER_STATE;
    this.#current = 1;
    this.#note(user);
  }

  erase(): void {
    for (const memory of this.#memories) {
      memory.cart = EMPTY;
      memory.bought_at = null;
      memory.reminders = NO_REMINDER_STATE;
    }
    this.#erasures++;
    this.#received.clear();
    this.#settled.clear();
    this.#boughtStep = -1;
  }

  /** @param isKilled after the state was stored, before anything was sent */
  ring(isKilled: boolean): void {
    for (const memory of this.#memories) {
      const { state, emitted } = wake(
        memory.reminders,
        this.#view(memory),
        this.#now,
        this.#guards,
      );
      memory.reminders = state;
      if (isKilled) continue;
      const about = { shopper: memory.shopper, goods: goodsOf(memory.cart) };
      for (const emission of emitted) {
        if (emission.kind === "held_out") continue;
        const known = this.#queue.find((each) => each.reminder_id === emission.reminder_id);
        const goods = known?.goods ?? about.goods;
        this.#queue.push({ ...emission, ...about, goods, erasures: this.#erasures });
      }
    }
  }

  /** Lets the alarm ring when the object asked for it. */
  ringWhenDue(isKilled: boolean): void {
    const looks = this.#memories.flatMap(({ reminders }) => reminders.look_at ?? []);
    if (looks.length > 0) this.#time = Math.max(this.#time, Math.min(...looks) - this.#skew);
    this.ring(isKilled);
  }

  /**
   * @param pick which message, 0..1
   * @param fate `fails`: the receiver does not answer. `killed`: it has it, and nobody is left to hear of it. `twice`: the
   *   queue brings the message again after all went well.
   */
  deliver(pick: number, fate: "fails" | "killed" | "twice" | "well"): void {
    const index = Math.floor(pick * this.#queue.length);
    const message = this.#queue[index];
    if (message === undefined) return;
    this.#queue.splice(index, 1);
    const memory = this.#memories.find(({ shopper }) => shopper === message.shopper);
    if (memory === undefined) return;
    const asked = claim(
      memory.reminders,
      message.reminder_id,
      this.#view(memory),
      this.#now,
      this.#guards,
    );
    memory.reminders = asked.state;
    if (asked.claim.kind !== "send") return;
    if (fate !== "fails") this.#receive(message, memory);
    if (fate === "fails" || fate === "killed") {
      this.#queue.push(message);
      return;
    }
    memory.reminders = settle(memory.reminders, message.reminder_id, this.#now);
    this.#settled.add(message.reminder_id);
    if (fate === "twice") this.#queue.push(message);
  }

  get #here(): Memory {
    const memory = this.#memories[this.#current];
    if (memory === undefined) throw new Error("There are two memories");
    return memory;
  }

  get #now(): number {
    return this.#time + this.#skew;
  }

  #tick(): number {
    this.#step++;
    return (this.#time += 1);
  }

  #change(lines: CartLine[]): void {
    const memory = this.#here;
    memory.cart = { stage: "active", lines, changed_at: this.#tick() };
    this.#changedStep = this.#step;
    this.#note(memory);
  }

  #note(memory: Memory): void {
    memory.reminders = noteCart(memory.reminders, memory.cart, this.#now);
  }

  #view({ shopper, cart, bought_at }: Memory): View {
    const marketing = this.#consent;
    const last_seen = cart.changed_at;
    return { shopper, cart, bought_at, marketing, last_seen, rules: RULES, facts: {} };
  }

  /** The receiver knows an id that it has had. */
  #receive(message: Message, memory: Memory): void {
    const { reminder_id, rule_id: rule, channel, goods } = message;
    this.posts++;
    const now = this.#now;
    if (message.erasures < this.#erasures) this.harms.push("after_erasure");
    if (this.#boughtStep >= this.#changedStep) this.harms.push("after_purchase");
    if (goods !== goodsOf(memory.cart)) this.harms.push("of_another_cart");
    if (isHeldOut(memory.shopper, RULES.hold_out)) this.harms.push("to_hold_out");
    if (channel !== "on_site") {
      if (!this.#consent) this.harms.push("without_consent");
      const hour = Math.floor(now / HOUR) % 24;
      if (hour >= 22 || hour < 7) this.harms.push("in_quiet_hours");
    }
    if (this.#settled.has(reminder_id)) this.harms.push("doubled");
    const known = this.#received.get(reminder_id);
    const others = [...this.#received].filter(([id]) => id !== reminder_id).map(([, each]) => each);
    if (known === undefined) {
      const touches = RULES.rules.find(({ rule_id }) => rule_id === rule)?.touches ?? 0;
      const same = others.filter(
        (each) => each.goods === goods && each.channel === channel && each.at > now - 4 * WEEK,
      );
      if (same.some((each) => each.rule !== rule) || same.length >= touches)
        this.harms.push("doubled");
    }
    const recent = others.filter(({ at }) => at > now - WEEK);
    if (recent.length >= RULES.cap_per_week) this.harms.push("over_cap");
    this.#received.set(reminder_id, { rule, channel, goods, at: now });
  }
}

function goodsOf({ lines }: Cart): string {
  return lines
    .map(({ item_id, quantity }) => `${item_id}*${quantity}`)
    .sort()
    .join(" ");
}
