// The whole of what is folded about one shopper: profile and cart together.
import type { Cart } from "./cart/cart.ts";
import { EMPTY_CART, foldCart, settleCart } from "./cart/cart.ts";
import type { ShopEvent } from "./event.ts";
import type { Profile } from "./profile/profile.ts";
import { emptyProfile, foldProfile, NO_COUNTS } from "./profile/profile.ts";
import { completePurchases, findNews, foldPurchases } from "./orders/purchases.ts";

/** Plain JSON data. Two shoppers with the same events have the same `canonicalJson` of it. */
export type ShopperState = { profile: Profile; cart: Cart };

export function emptyShopper(): ShopperState {
  return { profile: emptyProfile(), cart: EMPTY_CART };
}

/** `event` follows, in event order, every event that the state has seen. */
export function foldShopper(state: ShopperState, event: ShopEvent): ShopperState {
  const news = findNews(state.profile.purchases, event);
  return {
    profile: foldProfile(state.profile, event, news),
    cart: news === null ? state.cart : foldCart(state.cart, { ...event, items: news }),
  };
}

/**
 * What an order, a refund or a cancellation does that comes after events that it should have come before: its part in
 * the orders is the same at any time, and what it bought is out of the cart.
 */
export function foldLateOrder({ profile, cart }: ShopperState, event: ShopEvent): ShopperState {
  const purchases = foldPurchases(profile.purchases, event);
  const isPurchase = event.name === "purchase";
  return {
    profile: { ...profile, purchases },
    cart: isPurchase ? settleCart(cart, event.items, event.timestamp) : cart,
  };
}

/** A state as an earlier version kept it: without what it did not know. */
export function completeState(kept: ShopperState): ShopperState {
  const { profile, cart } = kept;
  if ("last_orders" in profile.purchases) return kept;
  const lines = cart.lines.map((line) => ({ ...NO_VARIANT, ...line }));
  return {
    profile: {
      ...profile,
      counts: { ...NO_COUNTS, ...profile.counts },
      purchases: completePurchases(profile.purchases),
    },
    cart: { ...cart, lines },
  };
}

const NO_VARIANT = { variant: null, group_id: null };
