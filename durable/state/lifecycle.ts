// Where a shopper stands in life with the shop: read from the state at a moment, never stored.
import type { ShopperState } from "./shopper.ts";

export const LIFECYCLE_SEGMENTS = [
  "new",
  "browsing",
  "cart",
  "customer",
  "loyal",
  "lapsing",
  "lapsed",
] as const;

export type LifecycleSegment = (typeof LIFECYCLE_SEGMENTS)[number];

const DAY = 86_400_000;

/** Silence after which a shopper is slipping away, and after which gone, ms: a month and a quarter. */
export const LAPSING_AFTER = 30 * DAY;
export const LAPSED_AFTER = 90 * DAY;

/** Orders that make a regular. */
export const LOYAL_ORDERS = 3;

/**
 * Silence speaks first, then orders, then an open cart:
 * - `lapsed`, `lapsing`: seen before, but not for `LAPSED_AFTER` or `LAPSING_AFTER`
 * - `loyal`, `customer`: has ordered `LOYAL_ORDERS` times, or at least once
 * - `cart`: never ordered, and something is in the cart
 * - `browsing`: never ordered, has come back
 * - `new`: in the first session, or never seen
 *
 * @param now ms since the epoch
 */
export function readLifecycle({ profile, cart }: ShopperState, now: number): LifecycleSegment {
  if (profile.last_seen === null) return "new";
  const silence = now - profile.last_seen;
  if (silence > LAPSED_AFTER) return "lapsed";
  if (silence > LAPSING_AFTER) return "lapsing";
  if (profile.purchases.orders >= LOYAL_ORDERS) return "loyal";
  if (profile.purchases.orders > 0) return "customer";
  if (cart.lines.length > 0) return "cart";
  return profile.sessions > 1 ? "browsing" : "new";
}
