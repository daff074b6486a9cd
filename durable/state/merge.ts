// Two shoppers who turn out to be one: what `identify` does to their states.
import { mergeAffinities } from "./profile/affinity.ts";
import { type Cart, mergeCarts, settleCart } from "./cart/cart.ts";
import { EVENT_NAMES } from "./event.ts";
import type { Profile, RecentItem } from "./profile/profile.ts";
import {
  BRAND_RULE,
  CATEGORY_RULE,
  PRICE_RULE,
  RECENT_ITEMS,
  RECENT_SEARCHES,
} from "./profile/profile.ts";
import { mergePurchases } from "./orders/purchases.ts";
import { mergeSessions } from "./session.ts";
import type { ShopperState } from "./shopper.ts";

/** The state of a shopper who did what both did; merging with an empty state changes nothing. */
export function mergeShoppers(user: ShopperState, anonymous: ShopperState): ShopperState {
  const profile = mergeProfiles(user.profile, anonymous.profile);
  const cart = mergeCarts(withoutOrdered(user, anonymous), withoutOrdered(anonymous, user));
  return { profile, cart };
}

/**
 * The cart without what only the other side told to be ordered: the back end may know of an order that the browser
 * never spoke of. An order of its own has settled the cart already, and would take more from it a second time.
 */
function withoutOrdered({ cart, profile }: ShopperState, other: ShopperState): Cart {
  const own = new Set(profile.purchases.last_orders.map(({ transaction_id }) => transaction_id));
  return other.profile.purchases.last_orders.reduce((left, { transaction_id, lines, at }) => {
    if (at === null || (transaction_id !== null && own.has(transaction_id))) return left;
    const goods = lines.map(({ item_id, variant }) => ({ item_id, variant, group_id: null }));
    return settleCart(left, goods, at);
  }, cart);
}

function mergeProfiles(a: Profile, b: Profile): Profile {
  if (a.last_seen === null) return b;
  if (b.last_seen === null) return a;
  const { sessions, shared } = mergeSessions(a.open_sessions, b.open_sessions);
  const counts = { ...a.counts };
  for (const name of EVENT_NAMES) counts[name] += b.counts[name];
  const [older, newer] = a.last_seen <= b.last_seen ? [a, b] : [b, a];
  return {
    first_seen: Math.min(a.first_seen ?? a.last_seen, b.first_seen ?? b.last_seen),
    last_seen: newer.last_seen,
    counts,
    recent: mergeRecent(a.recent, b.recent),
    categories: mergeAffinities(a.categories, b.categories, CATEGORY_RULE),
    brands: mergeAffinities(a.brands, b.brands, BRAND_RULE),
    price_levels: mergeAffinities(a.price_levels, b.price_levels, PRICE_RULE),
    purchases: mergePurchases(a.purchases, b.purchases),
    sessions: a.sessions + b.sessions - shared,
    open_sessions: sessions,
    // Terms carry no time of their own: those of whoever was here last come last.
    searches: [...older.searches, ...newer.searches].slice(-RECENT_SEARCHES),
  };
}

/** Merges two lists that are each in order; lines of one event keep their order. */
function mergeRecent(a: readonly RecentItem[], b: readonly RecentItem[]): RecentItem[] {
  const merged: RecentItem[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const x = a[i];
    const y = b[j];
    if (x !== undefined && (y === undefined || isBefore(x, y))) {
      merged.push(x);
      i++;
    } else if (y !== undefined) {
      merged.push(y);
      j++;
    }
  }
  return merged.slice(-RECENT_ITEMS);
}

function isBefore(a: RecentItem, b: RecentItem): boolean {
  if (a.at !== b.at) return a.at < b.at;
  return a.item_id <= b.item_id;
}
