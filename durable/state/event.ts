// The event as the folds see it: validated, normalised, without any raw user id.
// The wire form with its aliases and its schema is in src/stream; this file must not know it.

export const EVENT_NAMES = [
  "view_item",
  "view_item_list",
  "select_item",
  "search",
  "add_to_cart",
  "remove_from_cart",
  "view_cart",
  "begin_checkout",
  "purchase",
  "refund",
  "rate_item",
  "identify",
  "stock_update",
] as const;

export type EventName = (typeof EVENT_NAMES)[number];

/** One item line of an event. */
export type ItemLine = {
  item_id: string;
  /** Minor units of the shop's currency (cents), or null where the event did not say. */
  price: number | null;
  quantity: number;
  category: string | null;
  brand: string | null;
  /** The list in which the item stood (GA4 `item_list_id`), and its place there from 0. */
  list_id: string | null;
  index: number | null;
};

export type ShopEvent = {
  /** Client-made idempotency key. */
  event_id: string;
  name: EventName;
  /** Event time, ms since the epoch. */
  timestamp: number;
  session_id: string | null;
  items: ItemLine[];
  /** Minor units of the shop's currency, or null. */
  value: number | null;
  search_term: string | null;
  transaction_id: string | null;
  recommendation_id: string | null;
};

/** The order in which the fold takes events: event time, then id. Total, so it never depends on arrival. */
export function compareEvents(a: ShopEvent, b: ShopEvent): number {
  if (a.timestamp !== b.timestamp) return a.timestamp - b.timestamp;
  return a.event_id < b.event_id ? -1 : a.event_id > b.event_id ? 1 : 0;
}
