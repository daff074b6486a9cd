// One order, known by its transaction id, and what one event tells of it.
import { canonicalJson } from "../canonical-json.ts";
import { piecesOf, roundQuantity } from "../event.ts";
import type { ItemLine, ShopEvent } from "../event.ts";

/** An item in one of its variants, as a whole however many lines of an event speak of it. */
export type OrderLine = {
  item_id: string;
  variant: string | null;
  quantity: number;
  /** Of the line, minor units; null where no event said. */
  amount: number | null;
  /** Of the quantity. */
  refunded: number;
};

export type RefundLine = {
  item_id: string;
  variant: string | null;
  /** Null for all of it. */
  quantity: number | null;
};

/** What one refund takes back. Told again, whatever its event id, it is the same refund. */
export type Refund = {
  /** None where it is the whole order, or only an amount. */
  lines: RefundLine[];
  /** Minor units, null where the event did not say. */
  value: number | null;
};

/** The shop's own total of an order, as one event told it. */
export type OrderTotal = {
  value: number;
  /** How many lines that event has, and what they come to by their prices. */
  lines: number;
  amount: number;
};

export type Order = {
  transaction_id: string | null;
  /** Of an order without a transaction id: the one event that tells of it. */
  event_id: string | null;
  /** The first event about it, and the first purchase; null where only a refund or a cancellation was told so far. ms */
  since: number;
  at: number | null;
  lines: OrderLine[];
  /** As the telling with most lines has it; null where none has one. */
  total: OrderTotal | null;
  refunds: Refund[];
  cancelled: boolean;
  /** What it came to, and how much of that was given back; minor units. */
  revenue: number;
  refunded: number;
};

/**
 * The most that one line counts for, minor units: ten billion of a currency with two decimals. A thousand such lines
 * still add up without loss.
 */
export const LINE_AMOUNT = 1e12;

export function isOrderEvent({ name }: Pick<ShopEvent, "name">): boolean {
  return name === "purchase" || name === "refund" || name === "cancel";
}

/** What one event tells of an order; null where it is about none. */
export function toOrder(event: ShopEvent): Order | null {
  const { name, transaction_id, timestamp, value } = event;
  if (!isOrderEvent(event) || (name === "cancel" && transaction_id === null)) return null;
  const nothing: Order = {
    transaction_id,
    event_id: transaction_id === null ? event.event_id : null,
    since: timestamp,
    at: null,
    lines: [],
    total: null,
    refunds: [],
    cancelled: false,
    revenue: 0,
    refunded: 0,
  };
  if (name === "cancel") return { ...nothing, cancelled: true };
  if (name === "refund") return { ...nothing, refunds: [toRefund(event)] };
  const lines = sumLines(event.items);
  const total = value === null ? null : { value, lines: lines.length, amount: sumAmounts(lines) };
  return { ...nothing, at: timestamp, lines, total };
}

export function isSameOrder(a: Order, b: Order): boolean {
  return a.transaction_id === b.transaction_id && a.event_id === b.event_id;
}

/** True for a refund that names no order: it counts by itself. */
export function isLooseRefund(order: Order): boolean {
  return order.transaction_id === null && order.at === null;
}

export function hasRefund(order: Order, event: ShopEvent): boolean {
  const key = refundKey(toRefund(event));
  return order.refunds.some((refund) => refundKey(refund) === key);
}

export function lineKey({ item_id, variant }: { item_id: string; variant: string | null }): string {
  return canonicalJson([item_id, variant]);
}

export function sumAmounts(lines: readonly OrderLine[]): number {
  return lines.reduce((sum, line) => sum + (line.amount ?? 0), 0);
}

/** Of one line of an event, minor units; null where it has no price. */
function amountOf(line: ItemLine): number | null {
  return line.price === null
    ? null
    : Math.min(Math.floor(line.price * piecesOf(line) + 0.5), LINE_AMOUNT);
}

function sumLines(items: readonly ItemLine[]): OrderLine[] {
  const parts = items.map((item): OrderLine => {
    const { item_id, variant } = item;
    return { item_id, variant, quantity: piecesOf(item), amount: amountOf(item), refunded: 0 };
  });
  return joinBy(parts, [], lineKey, (a, b) => ({
    ...a,
    quantity: roundQuantity(a.quantity + b.quantity),
    amount: orNull(a.amount, b.amount, (x, y) => Math.min(x + y, LINE_AMOUNT)),
  }));
}

function toRefund({ items, value }: ShopEvent): Refund {
  const parts = items.map(({ item_id, variant, quantity }): RefundLine => {
    return { item_id, variant, quantity };
  });
  const lines = joinBy(parts, [], lineKey, (a, b) => ({
    ...a,
    quantity:
      a.quantity === null || b.quantity === null ? null : roundQuantity(a.quantity + b.quantity),
  }));
  const amounts = items.flatMap((item) => amountOf(item) ?? []);
  const sum = amounts.length === 0 ? null : amounts.reduce((total, amount) => total + amount, 0);
  return { lines, value: value ?? sum };
}

/** The lines that it names; without any, the amount. */
export function refundKey({ lines, value }: Refund): string {
  return canonicalJson(lines.length === 0 ? value : lines);
}

/** Each key once, in order of key. */
export function joinBy<Part>(
  a: readonly Part[],
  b: readonly Part[],
  keyOf: (part: Part) => string,
  join: (x: Part, y: Part) => Part,
): Part[] {
  const parts = new Map<string, Part>();
  for (const part of [...a, ...b]) {
    const key = keyOf(part);
    const known = parts.get(key);
    parts.set(key, known === undefined ? part : join(known, part));
  }
  return [...parts].sort(([x], [y]) => (x < y ? -1 : 1)).map(([, part]) => part);
}

export function orNull(
  a: number | null,
  b: number | null,
  join: (a: number, b: number) => number,
): number | null {
  return a === null ? b : b === null ? a : join(a, b);
}
