// The whole of what is folded about one shopper: profile and cart together.
import type { Cart } from "./cart.ts";
import { EMPTY_CART, foldCart } from "./cart.ts";
import type { ShopEvent } from "./event.ts";
import type { Profile } from "./profile/profile.ts";
import { emptyProfile, foldProfile } from "./profile/profile.ts";
import { withoutRepeatedLines } from "./profile/purchases.ts";

/** Plain JSON data. Two shoppers with the same events have the same `canonicalJson` of it. */
export type ShopperState = { profile: Profile; cart: Cart };

export function emptyShopper(): ShopperState {
  return { profile: emptyProfile(), cart: EMPTY_CART };
}

/** `event` follows, in event order, every event that the state has seen. */
export function foldShopper(state: ShopperState, event: ShopEvent): ShopperState {
  const news = withoutRepeatedLines(state.profile.purchases, event);
  if (news === null) return state;
  return { profile: foldProfile(state.profile, news), cart: foldCart(state.cart, news) };
}
