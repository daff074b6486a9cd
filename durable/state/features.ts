// What models read of a shopper and a candidate item: the one reader, for training and for serving.
// Its names are the feature schema; a model trained on other names does not fit. Only deterministic arithmetic here.
import type { Affinities } from "./profile/affinity.ts";
import { halve, log1p } from "./arithmetic.ts";
import { cartValue } from "./cart/cart.ts";
import { priceLevel, TOP_PRICE_LEVEL } from "./profile/price-level.ts";
import type { RecentItem } from "./profile/profile.ts";
import type { BoughtItem } from "./orders/totals.ts";
import type { ShopperState } from "./shopper.ts";

/** What is known of an item that may be recommended; price in minor units. */
export type CandidateItem = {
  item_id: string;
  price: number | null;
  category: string | null;
  brand: string | null;
};

/** A shopper at one moment, made ready for many candidates. */
export type ShopperReading = {
  now: number;
  /** The features that do not depend on the item, [SHOPPER_FEATURES]. */
  own: Float32Array;
  /** Interest by key, as a share of all interest. */
  categories: ReadonlyMap<string, number>;
  brands: ReadonlyMap<string, number>;
  priceLevels: ReadonlyMap<string, number>;
  meanPriceLevel: number | null;
  inCart: ReadonlySet<string>;
  cartCategories: ReadonlySet<string>;
  touched: ReadonlyMap<string, Touch>;
  bought: ReadonlyMap<string, BoughtItem>;
  last: RecentItem | null;
  /** Of the last item's price; null where that is not known. */
  lastLogPrice: number | null;
};

/** A candidate and what several features ask of it, looked up once. */
type Pair = {
  item: CandidateItem;
  touch: Touch | undefined;
  buys: BoughtItem | undefined;
  /** null where the price is not known. */
  level: number | null;
  logPrice: number;
};

type Touch = { times: number; last_at: number; wasCarted: boolean; distance: number };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A look at an item weighs half after a day. */
const TOUCH_HALF_LIFE = DAY;

type OwnReader = (state: ShopperState, now: number) => number;
type ItemReader = (reading: ShopperReading, pair: Pair) => number;

const OWN_READERS: Record<string, OwnReader> = {
  known: ({ profile }) => flag(profile.last_seen !== null),
  log_days_known: ({ profile }, now) => since(profile.first_seen, now, DAY),
  log_hours_away: ({ profile }, now) => since(profile.last_seen, now, HOUR),
  log_sessions: ({ profile }) => log1p(profile.sessions),
  log_item_views: ({ profile }) => log1p(profile.counts.view_item),
  log_cart_adds: ({ profile }) => log1p(profile.counts.add_to_cart),
  log_session_minutes: ({ profile }) => {
    const session = profile.open_sessions.at(-1);
    return session === undefined ? 0 : log1p((session.last_at - session.started_at) / MINUTE);
  },
  log_session_item_views: ({ profile }) => log1p(profile.open_sessions.at(-1)?.item_views ?? 0),
  log_session_cart_adds: ({ profile }) => log1p(profile.open_sessions.at(-1)?.cart_adds ?? 0),
  log_orders: ({ profile }) => log1p(profile.purchases.orders),
  log_order_value: ({ profile: { purchases } }) =>
    purchases.orders === 0 ? 0 : log1p(purchases.revenue / purchases.orders),
  log_days_since_order: ({ profile }, now) => since(profile.purchases.last_at, now, DAY),
  log_cart_lines: ({ cart }) => log1p(cart.lines.length),
  log_cart_value: ({ cart }) => log1p(cartValue(cart)),
};

const ITEM_READERS: Record<string, ItemReader> = {
  category_share: ({ categories }, { item }) => share(categories, item.category),
  brand_share: ({ brands }, { item }) => share(brands, item.brand),
  price_level_share: ({ priceLevels }, { level }) =>
    level === null ? 0 : (priceLevels.get(LEVEL_KEYS[level] ?? "") ?? 0),
  price_known: (_, { level }) => flag(level !== null),
  log_price: (_, { logPrice }) => logPrice,
  price_level_above_usual: ({ meanPriceLevel }, { level }) =>
    level === null || meanPriceLevel === null ? 0 : (level - meanPriceLevel) / TOP_PRICE_LEVEL,
  touched: (_, { touch }) => flag(touch !== undefined),
  log_touches: (_, { touch }) => log1p(touch?.times ?? 0),
  touch_freshness: ({ now }, { touch }) =>
    touch === undefined ? 0 : halve(Math.max(0, now - touch.last_at) / TOUCH_HALF_LIFE),
  touch_nearness: (_, { touch }) => (touch === undefined ? 0 : 1 / (1 + touch.distance)),
  was_carted: (_, { touch }) => flag(touch?.wasCarted === true),
  in_cart: ({ inCart }, { item }) => flag(inCart.has(item.item_id)),
  category_in_cart: ({ cartCategories }, { item }) =>
    flag(item.category !== null && cartCategories.has(item.category)),
  log_times_bought: (_, { buys }) => log1p(buys?.times ?? 0),
  log_days_since_bought: ({ now }, { buys }) => since(buys?.last_at ?? null, now, DAY),
  same_category_as_last: ({ last }, { item }) =>
    flag(item.category !== null && last?.category === item.category),
  same_brand_as_last: ({ last }, { item }) =>
    flag(item.brand !== null && last?.brand === item.brand),
  log_price_to_last: ({ lastLogPrice }, { level, logPrice }) =>
    level === null || lastLogPrice === null ? 0 : logPrice - lastLogPrice,
};

/** How shares of price levels are named; see `Profile.price_levels`. */
const LEVEL_KEYS: readonly string[] = Array.from({ length: TOP_PRICE_LEVEL + 1 }, (_, level) =>
  String(level),
);

/** Names in the order of the vector: first those of the shopper, then those of the pair. */
export const SHOPPER_FEATURES: readonly string[] = Object.keys(OWN_READERS);
export const FEATURES: readonly string[] = [...SHOPPER_FEATURES, ...Object.keys(ITEM_READERS)];

const OWN = Object.values(OWN_READERS);
const PAIR = Object.values(ITEM_READERS);

/** @param now ms since the epoch: the moment of the recommendation */
export function readShopper(state: ShopperState, now: number): ShopperReading {
  const { profile, cart } = state;
  const last = profile.recent.at(-1) ?? null;
  const lastPrice = last?.price ?? null;
  return {
    now,
    own: Float32Array.from(OWN, (read) => read(state, now)),
    categories: shares(profile.categories),
    brands: shares(profile.brands),
    priceLevels: shares(profile.price_levels),
    meanPriceLevel: meanLevel(profile.price_levels),
    inCart: new Set(cart.lines.map((line) => line.item_id)),
    cartCategories: new Set(cart.lines.flatMap((line) => line.category ?? [])),
    touched: readTouches(profile.recent),
    bought: new Map(profile.purchases.bought.map((item) => [item.item_id, item])),
    last,
    lastLogPrice: lastPrice === null ? null : log1p(lastPrice),
  };
}

/** Writes the vector of one candidate, [FEATURES], into `out` at `offset`. */
export function writeFeatures(
  reading: ShopperReading,
  item: CandidateItem,
  out: Float32Array,
  offset: number,
): void {
  out.set(reading.own, offset);
  let at = offset + reading.own.length;
  const { item_id, price } = item;
  const pair: Pair = {
    item,
    touch: reading.touched.get(item_id),
    buys: reading.bought.get(item_id),
    level: price === null ? null : priceLevel(price),
    logPrice: log1p(price ?? 0),
  };
  for (const read of PAIR) out[at++] = read(reading, pair);
}

function readTouches(recent: readonly RecentItem[]): Map<string, Touch> {
  const touches = new Map<string, Touch>();
  for (const [index, item] of recent.entries()) {
    const before = touches.get(item.item_id);
    touches.set(item.item_id, {
      times: (before?.times ?? 0) + 1,
      last_at: item.at,
      wasCarted: item.name === "add_to_cart" || before?.wasCarted === true,
      distance: recent.length - 1 - index,
    });
  }
  return touches;
}

/** All weights fade alike, so shares are the same at any moment. */
function shares({ weights }: Affinities): Map<string, number> {
  const total = weights.reduce((sum, { weight }) => sum + weight, 0);
  return new Map(weights.map(({ key, weight }) => [key, weight / total]));
}

function meanLevel(affinities: Affinities): number | null {
  if (affinities.weights.length === 0) return null;
  let mean = 0;
  for (const [level, part] of shares(affinities)) mean += Number(level) * part;
  return mean;
}

function share(parts: ReadonlyMap<string, number>, key: string | null): number {
  return key === null ? 0 : (parts.get(key) ?? 0);
}

function since(time: number | null, now: number, unit: number): number {
  return time === null ? 0 : log1p(Math.max(0, now - time) / unit);
}

function flag(condition: boolean): number {
  return condition ? 1 : 0;
}
