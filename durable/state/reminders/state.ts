// What an object remembers of reminders, and what it looks at to decide on one. Plain data.
import type { Cart } from "../cart/cart.ts";
import type { ShopperState } from "../shopper.ts";
import type { ReminderChannel, ReminderRules } from "./rules.ts";
import { hashHex } from "./draw-share.ts";

/** A reminder that was emitted and not settled yet. */
export type PendingReminder = {
  reminder_id: string;
  rule_id: string;
  channel: ReminderChannel;
  cart_version: string;
  /** From 0. */
  touch: number;
  created_at: number;
  /** When it is emitted again, in case the queue lost it; ms. */
  again_at: number;
  /** Handed out; the receiver may have it, so a next try bears the same id. */
  is_claimed: boolean;
  /** The receiver said that it has it. */
  is_settled: boolean;
};

/** A reminder that was handed out: whether the shopper saw it or not, there is no second one. */
export type Touch = {
  reminder_id: string;
  rule_id: string;
  channel: ReminderChannel;
  cart_version: string;
  touch: number;
  at: number;
};

export type ReminderState = {
  /** When the object next looks, ms; null: nothing is to be looked for. */
  look_at: number | null;
  /** The cart that `look_at` is about. */
  cart_version: string | null;
  pending: readonly PendingReminder[];
  touches: readonly Touch[];
  /** Items of the cart that were out of stock at the last look. */
  sold_out: readonly string[];
};

export const NO_REMINDER_STATE: ReminderState = {
  look_at: null,
  cart_version: null,
  pending: [],
  touches: [],
  sold_out: [],
};

/** What is true of an item of the cart now, by the catalogue. */
export type ItemFact = { price: number | null; for_sale: number | null };

/** All that counts at the moment of deciding. `facts`: of items that the catalogue knows. */
export type View = {
  shopper: string;
  cart: Cart;
  last_seen: number | null;
  /** Event time of the last purchase, ms. */
  bought_at: number | null;
  marketing: boolean;
  rules: ReminderRules;
  facts: Readonly<Record<string, ItemFact>>;
};

/** The same for the same goods: a cart put back as it was is no new one. Null for an empty cart. */
export function versionOf({ lines }: Cart): string | null {
  if (lines.length === 0) return null;
  const goods = lines.map(({ item_id, variant, quantity }) => [item_id, variant, quantity]);
  return hashHex(
    goods
      .map((line) => JSON.stringify(line))
      .sort()
      .join("\n"),
  );
}

/** Event time of the last purchase, ms. */
export function lastPurchase({ profile }: ShopperState): number | null {
  const times = profile.purchases.last_orders.flatMap(({ at }) => at ?? []);
  return times.length === 0 ? null : Math.max(...times);
}

/** A purpose that nobody was asked about is refused. */
export function allowsMarketing(consent: object | null): boolean {
  return consent !== null && "marketing" in consent && consent.marketing === true;
}
