// What a Shopper object promises to its callers. One interface, shared by caller and callee.
import type { Consent, Envelope, EventContext, ShopEvent } from "./state/event.ts";
import type { Cart } from "./state/cart/cart.ts";
import type { ShopperHistory } from "./state/identify.ts";
import type { Verdict as StreamVerdict } from "./state/receive.ts";
import type { ConsentWord } from "./state/consent.ts";
import type { Claim, Emission } from "./state/reminders/step.ts";
import type { ReminderState } from "./state/reminders/state.ts";
import type { ShopperState } from "./state/shopper.ts";

export type { Consent, EventContext };

/**
 * `conflict`: the id was taken before, by an event of other content; nothing was done with this one. `erased`: it is of
 * before the shopper was forgotten, so neither was anything done.
 */
export type Verdict = StreamVerdict | "conflict" | "erased";

/** One event with its address, as queue and log carry it. */
export type LogEntry = Envelope & { event: ShopEvent; consent: Consent; context: EventContext };

/** One event on its way: `fold` and `log` are the routing table's and the consent's decision. */
export type Delivery = Omit<LogEntry, "shopper" | "linked_from"> & {
  /**
   * Absent where `consent` is what the shopper says. `none`: the sender said nothing, `consent` is the shop's default,
   * and what the shopper last said holds. `passing`: for this event alone, until the shopper has answered.
   */
  word?: "none" | "passing";
  fold: boolean;
  log: boolean;
  /** Fingerprint of what the sender said: tells an event that comes again from another one of the same id. */
  content?: number;
  /** Of a visitor whose user is not known: the object is forgotten after long silence. */
  visitor?: boolean;
  /** Of an `identify`: by proof that the visitor is this user. */
  proven?: boolean;
};

/** `linked`: this anonymous shopper has become a user; ask that object instead. */
export type Linked = { kind: "linked"; to: string };

/**
 * `shopper` is who the events belong to, and must stand in their log entries: the object that was asked, or the user
 * whom the anonymous shopper has become (the object passes deliveries on by itself, after dropping its duplicates).
 */
export type IngestResult = {
  kind: "ingested";
  shopper: string;
  verdicts: Verdict[];
  /** Of each delivery: under which consent it was taken, and what was done with it. */
  handled?: Handled[];
};

export type Handled = Pick<Delivery, "consent" | "fold" | "log">;

export type Snapshot = {
  kind: "snapshot";
  shopper: string;
  state: ShopperState;
  /** The last consent that the shopper gave, or null for a shopper never seen. */
  consent: Consent | null;
};

/** Everything one shopper's object holds, for `GET /shoppers/:id/export`. */
export type ShopperExport = Snapshot & {
  late_events: number;
  pending: LogEntry[];
  reminders: ReminderState;
  /** Anonymous shoppers who became this user: erasing the user means erasing their rows too. */
  absorbed: string[];
};

/** `at`: what arrived up to then is gone and stays out, ms. */
export type Erased = { erased: string[]; at: number };

/** What REMINDER_QUEUE carries: that there may be something to send. What and whether, the object says when asked. */
export type ReminderMessage = Emission & { shopper: string; at: number };

/** `cart`: what the reminder speaks of, as it is now. */
export type ReminderClaim = Claim & { cart: Cart };

export interface ShopperRpc {
  /**
   * Takes deliveries in arrival order; one verdict for each. When it returns, they are durable: folded,
   * and kept in the outbox until the log has them.
   */
  ingest(deliveries: Delivery[]): Promise<IngestResult>;
  /** A few KB; reads no more than one row of storage. */
  snapshot(): Promise<Snapshot | Linked>;
  /**
   * The anonymous side of `identify`: hands its whole history to the user's object, once, and points there ever after.
   * Called on the anonymous object; idempotent, also when cut off half-way.
   */
  linkTo(user: string, identify: Delivery): Promise<Verdict>;
  /** The user's side of `identify`. Called by the anonymous object only. */
  absorb(anonymous: string, history: ShopperHistory | null, identify: Delivery): Promise<Verdict>;
  /** What the shopper says of consent, apart from any event; `at` in event time, ms. */
  hear(word: ConsentWord, at: number): Promise<void>;
  /** May this reminder be sent now? Looks at cart, orders, consent, stock and prices anew; asked before each try. */
  claimReminder(reminder_id: string): Promise<ReminderClaim>;
  /** The receiver has it: it is never handed out again. */
  settleReminder(reminder_id: string): Promise<void>;
  /** What is to be shown on the site now. Each is told until it is settled. */
  claimOnSite(): Promise<ReminderClaim[]>;
  export(): Promise<ShopperExport | Linked>;
  /**
   * Forgets everything, alarm included, here and in the anonymous objects that were absorbed. Returns all the
   * pseudonyms that it covered; whoever deletes their rows elsewhere should do so before (`export().absorbed`), so that
   * an erasure cut off half-way can be repeated.
   */
  erase(): Promise<Erased>;
}

/** What LOG_QUEUE carries of events. The Worker sends it at once, the object's alarm again where that was lost. */
export type LogMessage = { kind: "events"; entries: LogEntry[] };

/** The object that browsers with the console open listen to. */
export interface WatchRpc {
  /** Passes a text on to whoever watches. @returns how many that are */
  tell(text: string): Promise<number>;
}

/** In a request to it for a socket: when the session ends, ms since the epoch. */
export const SESSION_ENDS = "x-session-ends";
