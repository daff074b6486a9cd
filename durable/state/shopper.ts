// The whole of what is folded about one shopper: profile and cart together.
import type { Cart } from "./cart.ts";
import type { Profile } from "./profile.ts";

/** Plain JSON data. Two shoppers with the same events have the same `canonicalJson` of it. */
export type ShopperState = { profile: Profile; cart: Cart };
