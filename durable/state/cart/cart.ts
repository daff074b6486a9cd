// The cart of one shopper: a pure fold over events, taken in event order. A line is an item in one of its variants.
import { matchOrdered, matchRemoved, type Goods } from "./match-lines.ts";
import { piecesOf, roundQuantity } from "../event.ts";
import type { ItemLine, ShopEvent } from "../event.ts";

export type CartStage = "empty" | "active" | "viewing" | "checkout" | "purchased";

export type CartLine = {
  item_id: string;
  variant: string | null;
  group_id: string | null;
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
export const CART_LINES = 200;

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
      return showCart(cart, event, "viewing");
    case "begin_checkout":
      return showCart(cart, event, "checkout");
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

/**
 * The cart after it became known that these goods had been ordered at `at`, ms, by an event that comes too late to be
 * folded in its place. What was added since stays.
 */
export function settleCart(cart: Cart, goods: readonly Goods[], at: number): Cart {
  const bought = matchOrdered(
    cart.lines.filter((line) => line.added_at <= at),
    goods,
  );
  if (bought.size === 0) return cart;
  const lines = cart.lines.filter((line) => !bought.has(line));
  return { ...cart, lines, stage: lines.length === 0 ? "purchased" : cart.stage };
}

/** Without a quantity the whole line. Of an item without a variant, its lines one after another. */
function removeLines(cart: Cart, event: ShopEvent): Cart {
  let { lines } = cart;
  for (const item of event.items) {
    let left = item.quantity ?? Infinity;
    const found = matchRemoved(lines, item);
    lines = lines.flatMap((line) => {
      if (!found.has(line)) return [line];
      const quantity = roundQuantity(line.quantity - Math.min(left, line.quantity));
      left -= line.quantity - quantity;
      return quantity > 0 ? [{ ...line, quantity }] : [];
    });
  }
  const isSame = lines.every((line, i) => line === cart.lines[i]);
  if (isSame && lines.length === cart.lines.length) return cart;
  return withLines(lines, lines.length === 0 ? "empty" : "active", event);
}

/** Who shows a cart with its items shows all of it: what was missed before is mended. */
function showCart(cart: Cart, event: ShopEvent, stage: CartStage): Cart {
  if (event.items.length === 0) {
    return cart.lines.length === 0 ? cart : withLines(cart.lines, stage, event);
  }
  const shown = event.items.reduce(addLine(event.timestamp), []);
  const lines = shown.map((line): CartLine => {
    const known = cart.lines.find((other) => isSameLine(other, line));
    return known === undefined ? line : { ...heard(known, line), quantity: line.quantity };
  });
  return withLines(lines, stage, event);
}

/**
 * A checkout buys a line as a whole: what was bought leaves the cart, whatever quantities the two events told. A
 * purchase that names nothing buys all that is in it, and so does one from the checkout that names its goods by other
 * ids.
 */
function takeOutBought(cart: Cart, event: ShopEvent): Cart {
  const bought = matchOrdered(cart.lines, event.items);
  const isAll = event.items.length === 0 || (cart.stage === "checkout" && bought.size === 0);
  const lines = isAll ? [] : cart.lines.filter((line) => !bought.has(line));
  return withLines(lines, lines.length === 0 ? "purchased" : "active", event);
}

function addLine(at: number): (lines: CartLine[], line: ItemLine | CartLine) => CartLine[] {
  return (lines, given) => {
    const { item_id, variant, group_id, price, category, brand } = given;
    const goods = { item_id, variant, group_id, price, category, brand };
    const line = { ...goods, quantity: piecesOf(given), added_at: at };
    const known = lines.find((other) => isSameLine(other, line));
    if (known === undefined) return [...lines, line].slice(-CART_LINES);
    const quantity = Math.min(roundQuantity(known.quantity + line.quantity), LINE_QUANTITY);
    return lines.map((other) => (other === known ? { ...heard(known, line), quantity } : other));
  };
}

/** The known line with what the new one says. */
function heard(known: CartLine, line: CartLine): CartLine {
  return {
    ...known,
    group_id: line.group_id ?? known.group_id,
    price: line.price ?? known.price,
    category: line.category ?? known.category,
    brand: line.brand ?? known.brand,
  };
}

function isSameLine(a: CartLine, b: CartLine): boolean {
  return a.item_id === b.item_id && a.variant === b.variant;
}

function withLines(lines: CartLine[], stage: CartStage, event: ShopEvent): Cart {
  return { stage, lines, changed_at: event.timestamp };
}

function isOpen(stage: CartStage): boolean {
  return stage === "active" || stage === "viewing" || stage === "checkout";
}
