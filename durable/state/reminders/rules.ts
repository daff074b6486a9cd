// What a shop asks for: when to remind whom, by which channel, how often. Plain data, amounts in minor units, times in ms;
// who reads it from JSON, and refuses what cannot be held, is src/carts.

/** `on_site`: shown while the shopper is there. The others reach a shopper who is not, so they ask for consent. */
export type ReminderChannel = "on_site" | "webhook" | "pull";

export type ReminderTrigger =
  /** The cart has at least so many pieces, or is worth so much. */
  | { kind: "cart_reaches"; pieces: number | null; value: number | null }
  /** The cart is short of `value` by no more than `within`. */
  | { kind: "free_delivery"; value: number; within: number }
  /** Nothing was done for `quiet_ms`; half of that for carts worth `high_value` or more. */
  | { kind: "cart_left"; quiet_ms: number; high_value: number | null }
  /** Something in the cart costs less than when it was put there, by at least this share. */
  | { kind: "price_drop"; share: number }
  /** At most so many pieces are left of something in the cart. */
  | { kind: "low_stock"; units: number }
  /** Something in the cart was out of stock and can be bought again. */
  | { kind: "back_in_stock" };

export type ReminderRule = {
  rule_id: string;
  channel: ReminderChannel;
  trigger: ReminderTrigger;
  /** How often one cart is spoken of, and how long after one another, ms. */
  touches: number;
  spacing_ms: number;
};

export type ReminderRules = {
  rules: readonly ReminderRule[];
  /** Share of shoppers who are never reminded, by whatever channel. */
  hold_out: number;
  /** Reminders to one shopper in any seven days. */
  cap_per_week: number;
  /** Minutes since midnight, local time; `from` may be later than `to`. */
  quiet_hours: { from: number; to: number } | null;
  /** IANA name: of shoppers who did not say theirs. */
  time_zone: string;
};

export const NO_REMINDERS: ReminderRules = {
  rules: [],
  hold_out: 0.1,
  cap_per_week: 3,
  quiet_hours: null,
  time_zone: "UTC",
};
