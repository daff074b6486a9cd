// A shopper's profile and cart as the API shows them.
import * as z from "zod";
import { cartValue, type Cart as CartState } from "../../../durable/state/cart/cart.ts";
import type { Money } from "../../shop/money.ts";
import { describeCart, describeState } from "../../shop/shopper-answer.ts";
import { Amount, convertUnits, OUTSIDE, toDecimal } from "../../shop/units.ts";
import { LIFECYCLE_SEGMENTS, LOYAL_ORDERS } from "../../../durable/state/lifecycle.ts";
import { nullable } from "../docs/nullable.ts";

export const Consent = z
  .object({
    analytics: z.boolean(),
    personalization: z.boolean(),
    marketing: z
      .boolean()
      .nullish()
      .describe("For messages off the site; absent where nobody said."),
  })
  .meta({ id: "Consent" });

export const Currency = z.string().meta({ example: "EUR" });

export const Cart = describeCart(OUTSIDE)
  .extend({ value: Amount, currency: Currency })
  .meta({ id: "Cart" });

export const ShopperProfile = z
  .object({
    shopper: z
      .string()
      .describe("The pseudonym under which everything about this shopper is kept."),
    consent: nullable(Consent),
    segment: z
      .enum(LIFECYCLE_SEGMENTS)
      .describe(
        "Where the shopper stands now: `lapsing` after a month of silence, `lapsed` after three; else `loyal` from " +
          `${LOYAL_ORDERS} orders on, \`customer\` from one; else \`cart\`, \`browsing\` or \`new\`.`,
      ),
    currency: Currency,
    profile: describeState(OUTSIDE).shape.profile.describe(
      "The rolling profile: counts, recent items, interests, sessions, orders.",
    ),
    cart: Cart,
  })
  .meta({ id: "ShopperProfile" });

export function presentCart(cart: CartState, { currency, scale }: Money): z.infer<typeof Cart> {
  const shown = z.encode(describeCart(convertUnits(scale)), cart);
  return { ...shown, value: toDecimal(cartValue(cart), scale), currency };
}
