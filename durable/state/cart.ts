// The cart of one shopper: a pure fold over events, taken in event order.

export type CartStage = "empty" | "active" | "viewing" | "checkout" | "purchased";

export type CartLine = {
  item_id: string;
  quantity: number;
  /** Minor units of the shop's currency, the last price heard; null where no event said. */
  price: number | null;
  category: string | null;
  brand: string | null;
  added_at: number;
};

export type Cart = {
  stage: CartStage;
  /** In the order of adding, at most `CART_LINES`. */
  lines: CartLine[];
  /** Event time of the last change of lines or stage, ms; null for a cart never used. */
  changed_at: number | null;
};
