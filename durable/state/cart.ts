// The cart of one shopper: a pure fold over events, taken in event order.
import { piecesOf, roundQuantity } from "./event.ts";
import type { ItemLine, ShopEvent } from "./event.ts";

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

/** Lines of one cart: as many as one event may hold. The oldest line is dropped. */
export const CART_LINES = 100;

/** The most of one item that a cart holds, the same as one event may add. */
export const LINE_QUANTITY = 10_000;

export const EMPTY_CART: Cart = { stage: "empty", lines: [], changed_at: null };

/** `event` follows every event that the cart has seen. */
export function foldCart(cart: Cart, event: ShopEvent): Cart {
  switch (event.name) {
    case "add_to_cart":
      return withLines(event.items.reduce(addLine(event.timestamp), cart.lines), "active", event);
    case "remove_from_cart":
      return removeLines(cart, event);
    case "view_cart":
      return cart.lines.length === 0 ? cart : withLines(cart.lines, "viewing", event);
    case "begin_checkout":
      return checkOut(cart, event);
    case "purchase":
      return takeOutBought(cart, event);
    default:
      return cart;
  }
}

/** Value of the cart in minor units; lines without a price count nothing. */
export function cartValue(cart: Cart): number {
  return cart.lines.reduce((sum, line) => sum + Math.round((line.price ?? 0) * line.quantity), 0);
}

/** Two carts of one shopper become one, with the quantities added, at the stage of the one changed last. */
export function mergeCarts(a: Cart, b: Cart): Cart {
  if (a.changed_at === null) return b;
  if (b.changed_at === null) return a;
  const [older, newer] = a.changed_at <= b.changed_at ? [a, b] : [b, a];
  const lines = newer.lines.reduce((all, line) => addLine(line.added_at)(all, line), older.lines);
  const stage = isOpen(newer.stage) || lines.length === 0 ? newer.stage : "active";
  return { stage, lines, changed_at: newer.changed_at };
}

function removeLines(cart: Cart, event: ShopEvent): Cart {
  const removed = new Map<string, number>();
  for (const line of event.items) {
    removed.set(line.item_id, (removed.get(line.item_id) ?? 0) + (line.quantity ?? Infinity));
  }
  if (!cart.lines.some((line) => removed.has(line.item_id))) return cart;
  const lines = cart.lines
    .map((line) => ({
      ...line,
      quantity: roundQuantity(line.quantity - (removed.get(line.item_id) ?? 0)),
    }))
    .filter((line) => line.quantity > 0);
  return withLines(lines, lines.length === 0 ? "empty" : "active", event);
}

/** "Buy now" goes to the checkout past the cart: then the event itself says what it holds. */
function checkOut(cart: Cart, event: ShopEvent): Cart {
  const lines =
    cart.lines.length > 0 ? cart.lines : event.items.reduce(addLine(event.timestamp), []);
  return lines.length === 0 ? cart : withLines(lines, "checkout", event);
}

/** A checkout buys a line as a whole: what was bought leaves the cart, whatever quantities the two events told. */
function takeOutBought(cart: Cart, event: ShopEvent): Cart {
  const bought = new Set(event.items.map((line) => line.item_id));
  const lines = cart.lines.filter((line) => !bought.has(line.item_id));
  return withLines(lines, lines.length === 0 ? "purchased" : "active", event);
}

function addLine(at: number): (lines: CartLine[], line: ItemLine | CartLine) => CartLine[] {
  return (lines, { item_id, price, category, brand, ...given }) => {
    const quantity = piecesOf(given);
    const known = lines.find((line) => line.item_id === item_id);
    if (known === undefined) {
      const line = { item_id, quantity, price, category, brand, added_at: at };
      return [...lines, line].slice(-CART_LINES);
    }
    const line = {
      item_id,
      quantity: Math.min(roundQuantity(known.quantity + quantity), LINE_QUANTITY),
      price: price ?? known.price,
      category: category ?? known.category,
      brand: brand ?? known.brand,
      added_at: known.added_at,
    };
    return lines.map((other) => (other === known ? line : other));
  };
}

function withLines(lines: CartLine[], stage: CartStage, event: ShopEvent): Cart {
  return { stage, lines, changed_at: event.timestamp };
}

function isOpen(stage: CartStage): boolean {
  return stage === "active" || stage === "viewing" || stage === "checkout";
}
