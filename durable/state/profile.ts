// The rolling profile of one shopper: a pure fold over events, taken in event order.
// Everything is bounded; weights decay by event time, so the clock is never asked.
import type { Affinities } from "./affinity.ts";
import type { EventName } from "./event.ts";
import type { Purchases } from "./purchases.ts";
import type { Session } from "./session.ts";

/** An item that the shopper touched (list impressions do not count). */
export type RecentItem = {
  item_id: string;
  name: EventName;
  /** Event time, ms. */
  at: number;
  /** Minor units of the shop's currency. */
  price: number | null;
  category: string | null;
  brand: string | null;
};

export type Profile = {
  /** Event time of the first and the last event, ms; null for a shopper never seen. */
  first_seen: number | null;
  last_seen: number | null;
  /** Events by name, in full. */
  counts: Record<EventName, number>;
  /** Oldest first, at most `RECENT_ITEMS`. */
  recent: RecentItem[];
  categories: Affinities;
  brands: Affinities;
  /** Keys are price levels as `priceLevel` names them. */
  price_levels: Affinities;
  purchases: Purchases;
  /** How many sessions there were, and the last ones, the current one last. */
  sessions: number;
  open_sessions: Session[];
  /** The last search terms, oldest first. */
  searches: string[];
};

/** The items that one session of a storefront is likely to come back to; a model reads the last 20 to 50. */
export const RECENT_ITEMS = 50;
