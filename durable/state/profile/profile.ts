// The rolling profile of one shopper: a pure fold over events, taken in event order.
// Everything is bounded; weights decay by event time, so the clock is never asked.
import type { Affinities, AffinityRule } from "./affinity.ts";
import { addInterest, NO_AFFINITIES } from "./affinity.ts";
import type { EventName, ItemLine, ShopEvent } from "../event.ts";
import { priceLevel } from "./price-level.ts";
import type { Purchases } from "../orders/purchases.ts";
import { foldPurchases, NO_PURCHASES } from "../orders/purchases.ts";
import type { Session } from "../session.ts";
import { joinSession } from "../session.ts";

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
  /** Events by name, in full, but for orders told again. */
  counts: Record<EventName, number>;
  /** Oldest first, at most `RECENT_ITEMS`. */
  recent: RecentItem[];
  categories: Affinities;
  brands: Affinities;
  /** Keys are price levels as `priceLevel` numbers them, in decimal. */
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

export const RECENT_SEARCHES = 10;

const DAY = 86_400_000;

/** Taste in things fades over weeks; what one can spend changes more slowly. */
export const CATEGORY_RULE: AffinityRule = { half_life: 14 * DAY, limit: 24 };
export const BRAND_RULE: AffinityRule = { half_life: 14 * DAY, limit: 24 };
export const PRICE_RULE: AffinityRule = { half_life: 30 * DAY, limit: 12 };

/** What one line of an event says about interest, against one look at an item page. */
const INTEREST: Record<EventName, number> = {
  view_item: 1,
  view_item_list: 0,
  select_item: 0.5,
  search: 0,
  add_to_cart: 3,
  remove_from_cart: -1.5,
  view_cart: 0,
  begin_checkout: 1,
  purchase: 5,
  refund: -5,
  cancel: -5,
  rate_item: 1,
  identify: 0,
  stock_update: 0,
};

/** Events by which a shopper picks an item out; the others repeat what the cart holds. */
const TOUCHES: ReadonlySet<EventName> = new Set([
  "view_item",
  "select_item",
  "add_to_cart",
  "purchase",
  "rate_item",
]);

export const NO_COUNTS: Record<EventName, number> = {
  view_item: 0,
  view_item_list: 0,
  select_item: 0,
  search: 0,
  add_to_cart: 0,
  remove_from_cart: 0,
  view_cart: 0,
  begin_checkout: 0,
  purchase: 0,
  refund: 0,
  cancel: 0,
  rate_item: 0,
  identify: 0,
  stock_update: 0,
};

export function emptyProfile(): Profile {
  return {
    first_seen: null,
    last_seen: null,
    counts: NO_COUNTS,
    recent: [],
    categories: NO_AFFINITIES,
    brands: NO_AFFINITIES,
    price_levels: NO_AFFINITIES,
    purchases: NO_PURCHASES,
    sessions: 0,
    open_sessions: [],
    searches: [],
  };
}

/**
 * `event` follows every event that the profile has seen.
 *
 * @param news the lines that are not told again; null where the event says nothing new
 */
export function foldProfile(profile: Profile, event: ShopEvent, news: ItemLine[] | null): Profile {
  const { sessions, started } = joinSession(profile.open_sessions, event, news !== null);
  const next: Profile = {
    ...profile,
    first_seen: Math.min(profile.first_seen ?? event.timestamp, event.timestamp),
    last_seen: Math.max(profile.last_seen ?? event.timestamp, event.timestamp),
    purchases: foldPurchases(profile.purchases, event),
    sessions: profile.sessions + (started ? 1 : 0),
    open_sessions: sessions,
  };
  return news === null ? next : addNews(next, { ...event, items: news });
}

function addNews(profile: Profile, event: ShopEvent): Profile {
  const next: Profile = {
    ...profile,
    counts: { ...profile.counts, [event.name]: profile.counts[event.name] + 1 },
  };
  if (TOUCHES.has(event.name)) next.recent = addRecent(profile.recent, event);
  if (event.search_term !== null) {
    next.searches = [...profile.searches, event.search_term].slice(-RECENT_SEARCHES);
  }
  return addInterests(next, event);
}

function addInterests(profile: Profile, event: ShopEvent): Profile {
  const interest = INTEREST[event.name];
  if (interest === 0) return profile;
  const at = event.timestamp;
  const by = (key: (line: ItemLine) => string | null) => gainsBy(event.items, interest, key);
  return {
    ...profile,
    categories: addInterest(
      profile.categories,
      by((line) => line.category),
      at,
      CATEGORY_RULE,
    ),
    brands: addInterest(
      profile.brands,
      by((line) => line.brand),
      at,
      BRAND_RULE,
    ),
    price_levels: addInterest(profile.price_levels, by(priceKey), at, PRICE_RULE),
  };
}

function gainsBy(
  lines: readonly ItemLine[],
  interest: number,
  keyOf: (line: ItemLine) => string | null,
): Map<string, number> {
  const gains = new Map<string, number>();
  for (const line of lines) {
    const key = keyOf(line);
    if (key !== null) gains.set(key, (gains.get(key) ?? 0) + interest);
  }
  return gains;
}

function priceKey(line: ItemLine): string | null {
  return line.price === null ? null : String(priceLevel(line.price));
}

function addRecent(recent: readonly RecentItem[], event: ShopEvent): RecentItem[] {
  const items = event.items.map((line) => ({
    item_id: line.item_id,
    name: event.name,
    at: event.timestamp,
    price: line.price,
    category: line.category,
    brand: line.brand,
  }));
  return [...recent, ...items].slice(-RECENT_ITEMS);
}
