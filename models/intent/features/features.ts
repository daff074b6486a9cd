// What an intent model reads of a shopper at an event: the one function, for training and for serving. Its names are the
// feature schema. Only what had happened by then is in the state; columns that know the answer are not.
import { log1p } from "../../../durable/state/arithmetic.ts";
import { cartValue } from "../../../durable/state/cart/cart.ts";
import type { RecentItem } from "../../../durable/state/profile/profile.ts";
import { priceLevel, TOP_PRICE_LEVEL } from "../../../durable/state/profile/price-level.ts";
import type { Session } from "../../../durable/state/session.ts";
import type { ShopperState } from "../../../durable/state/shopper.ts";
import { hashFeatureSchema } from "../../registry/manifest.ts";
import type { RateBook, Rates } from "./rates.ts";

/** A shopper at one moment, with what several features ask. */
type Reading = {
  state: ShopperState;
  session: Session;
  /** Touches of this session and of those before, oldest first. */
  own: readonly RecentItem[];
  past: readonly RecentItem[];
  last: RecentItem | null;
  /** Times that each item was touched in this session. */
  times: ReadonlyMap<string, number>;
  categories: ReadonlyMap<string, number>;
  /** Between touches, ms. */
  gaps: readonly number[];
  item: Rates;
  category: Rates;
  seen: readonly Rates[];
  carted: readonly Rates[];
  device: string | null;
};

type Read = (reading: Reading) => number;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** 1970-01-01 was a Thursday: days from then to the first Saturday. */
const FIRST_SATURDAY = 2 * DAY;
/** Rates are small: so many in a thousand. */
const PER_MILLE = 1000;
const RECENT_GAPS = 5;

const READERS: Record<string, Read> = {
  log_events: ({ session }) => log1p(session.events),
  log_item_views: ({ session }) => log1p(session.item_views),
  log_list_views: ({ session }) => log1p(session.list_views),
  log_searches: ({ session }) => log1p(session.searches),
  log_cart_adds: ({ session }) => log1p(session.cart_adds),
  log_cart_removals: ({ session }) => log1p(session.cart_removals),
  log_checkouts: ({ session }) => log1p(session.checkouts),
  log_distinct_items: ({ times }) => log1p(times.size),
  log_distinct_categories: ({ categories }) => log1p(categories.size),
  log_most_returns: ({ times }) => log1p(largest(times.values())),
  log_returns_to_page: ({ times, last }) =>
    log1p(last === null ? 0 : (times.get(last.item_id) ?? 0)),
  top_category_share: ({ categories, own }) =>
    own.length === 0 ? 0 : largest(categories.values()) / own.length,
  log_minutes: ({ session }) => log1p((session.last_at - session.started_at) / MINUTE),
  log_mean_gap: ({ gaps }) => log1p(mean(gaps.slice(-RECENT_GAPS)) / SECOND),
  log_last_gap: ({ gaps }) => log1p((gaps.at(-1) ?? 0) / SECOND),
  log_longest_gap: ({ gaps }) => log1p(largest(gaps) / SECOND),
  is_first: ({ gaps }) => flag(gaps.length === 0),
  last_was_cart: ({ last }) => flag(last?.name === "add_to_cart"),
  log_price: ({ last }) => log1p(last?.price ?? 0),
  log_mean_price: ({ own }) => log1p(mean(own.flatMap(({ price }) => price ?? []))),
  price_level: ({ last }) =>
    last === null || last.price === null ? 0 : priceLevel(last.price) / TOP_PRICE_LEVEL,
  log_cart_lines: ({ state }) => log1p(state.cart.lines.length),
  log_cart_value: ({ state }) => log1p(cartValue(state.cart)),
  log_cart_age: ({ state, session }) => {
    const [oldest] = state.cart.lines;
    return oldest === undefined
      ? 0
      : log1p(Math.max(0, session.last_at - oldest.added_at) / MINUTE);
  },
  in_checkout: ({ state }) => flag(state.cart.stage === "checkout"),
  log_past_sessions: ({ state }) => log1p(Math.max(0, state.profile.sessions - 1)),
  log_past_touches: ({ past }) => log1p(past.length),
  log_orders: ({ state }) => log1p(state.profile.purchases.orders),
  log_days_since_order: ({ state, session }) =>
    since(state.profile.purchases.last_at, session.last_at, DAY),
  log_hours_away: ({ state, session }) =>
    since(state.profile.open_sessions.at(-2)?.last_at ?? null, session.started_at, HOUR),
  log_known_before: ({ past, times }) =>
    log1p(new Set(past.map(({ item_id }) => item_id).filter((id) => times.has(id))).size),
  last_known_before: ({ past, last }) =>
    flag(past.some(({ item_id }) => item_id === last?.item_id)),
  is_night: ({ session }) => flag(hourOf(session) < 6),
  is_morning: ({ session }) => flag(hourOf(session) >= 6 && hourOf(session) < 12),
  is_evening: ({ session }) => flag(hourOf(session) >= 18),
  is_weekend: ({ session }) =>
    flag((((session.last_at - FIRST_SATURDAY) % WEEK) + WEEK) % WEEK < 2 * DAY),
  is_mobile: ({ device }) => flag(device === "mobile"),
  is_desktop: ({ device }) => flag(device === "desktop"),
  log_item_add_rate: ({ item }) => log1p(PER_MILLE * item.add),
  log_item_buy_rate: ({ item }) => log1p(PER_MILLE * item.buy),
  log_item_convert: ({ item }) => log1p(PER_MILLE * item.convert),
  log_item_views_of_all: ({ item }) => log1p(item.views),
  log_category_add_rate: ({ category }) => log1p(PER_MILLE * category.add),
  log_category_buy_rate: ({ category }) => log1p(PER_MILLE * category.buy),
  log_category_convert: ({ category }) => log1p(PER_MILLE * category.convert),
  log_mean_add_rate: ({ seen }) => log1p(PER_MILLE * mean(seen.map(({ add }) => add))),
  log_mean_buy_rate: ({ seen }) => log1p(PER_MILLE * mean(seen.map(({ buy }) => buy))),
  log_best_buy_rate: ({ seen }) => log1p(PER_MILLE * largest(seen.map(({ buy }) => buy))),
  log_cart_convert: ({ carted }) => log1p(PER_MILLE * mean(carted.map(({ convert }) => convert))),
};

export const INTENT_FEATURES: readonly string[] = Object.keys(READERS);
const READ = Object.values(READERS);

export function intentSchema(): Promise<string> {
  return hashFeatureSchema(INTENT_FEATURES);
}

/**
 * [INTENT_FEATURES], as of the shopper's last event; null for a shopper who has no session.
 * @param device of the event's context; never folded
 */
export function readIntent(
  state: ShopperState,
  rates: RateBook,
  device: string | null,
): Float32Array | null {
  const { recent, open_sessions } = state.profile;
  const session = open_sessions.at(-1);
  if (session === undefined) return null;
  const own = recent.filter(({ at }) => at >= session.started_at);
  const last = own.at(-1) ?? null;
  const times = tally(own.map(({ item_id }) => item_id));
  const reading: Reading = {
    state,
    session,
    own,
    past: recent.filter(({ at }) => at < session.started_at),
    last,
    times,
    categories: tally(own.flatMap(({ category }) => category ?? [])),
    gaps: own.slice(1).map(({ at }, index) => at - (own[index]?.at ?? at)),
    item: rates.ofItem(last?.item_id ?? ""),
    category: rates.ofCategory(last?.category ?? null),
    seen: Array.from(times.keys(), (item_id) => rates.ofItem(item_id)),
    carted: state.cart.lines.map(({ item_id }) => rates.ofItem(item_id)),
    device,
  };
  return Float32Array.from(READ, (read) => read(reading));
}

function tally(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function largest(values: Iterable<number>): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function since(time: number | null, now: number, unit: number): number {
  return time === null ? 0 : log1p(Math.max(0, now - time) / unit);
}

function hourOf({ last_at }: Session): number {
  return Math.floor((last_at % DAY) / HOUR);
}

function flag(condition: boolean): number {
  return condition ? 1 : 0;
}
