// A shopper's profile and cart as the API shows them: the folded state with its units said.
import * as z from "zod";

export const Consent = z
  .object({ analytics: z.boolean(), personalization: z.boolean() })
  .meta({ id: "Consent" });

const CartLine = z.object({
  item_id: z.string(),
  quantity: z.int(),
  price: z.int().nullable().describe("Minor units, of one piece."),
  category: z.string().nullable(),
  brand: z.string().nullable(),
  added_at: z.int().describe("ms since the epoch"),
});

export const Cart = z
  .object({
    stage: z.enum(["empty", "active", "viewing", "checkout", "purchased"]),
    lines: z.array(CartLine),
    changed_at: z.int().nullable().describe("ms since the epoch; null for a cart never used"),
    value: z.int().describe("Minor units."),
    currency: z.string().meta({ example: "EUR" }),
  })
  .meta({ id: "Cart" });

export const ShopperProfile = z
  .object({
    shopper: z
      .string()
      .describe("The pseudonym under which everything about this shopper is kept."),
    consent: Consent.nullable(),
    profile: z
      .looseObject({})
      .describe("The rolling profile: counts, recent items, interests, sessions, orders."),
    cart: Cart,
  })
  .meta({ id: "ShopperProfile" });
