// What a shopper bought: frequency, value, and the items for buy-again. A pure fold over purchases and refunds.
import { piecesOf, roundQuantity } from "../event.ts";
import type { ItemLine, ShopEvent } from "../event.ts";

export type BoughtItem = {
  item_id: string;
  /** Number of purchases that held it. */
  times: number;
  quantity: number;
  /** Event time of the last purchase, ms. */
  last_at: number;
};

/** Frequency and value of a shopper; money in minor units of the shop's currency. */
export type Purchases = {
  orders: number;
  revenue: number;
  refunds: number;
  refunded: number;
  first_at: number | null;
  last_at: number | null;
  /** The last order, so that its lines count once though the thank-you page is loaded twice. */
  last_order: { transaction_id: string; item_ids: string[] } | null;
  /** Last bought last, at most `BOUGHT_ITEMS`. */
  bought: BoughtItem[];
};

/** Items kept for buy-again. */
export const BOUGHT_ITEMS = 60;

/** Lines of the last order that are kept: twice the most that one event may hold. */
const ORDER_ITEMS = 200;

export const NO_PURCHASES: Purchases = {
  orders: 0,
  revenue: 0,
  refunds: 0,
  refunded: 0,
  first_at: null,
  last_at: null,
  last_order: null,
  bought: [],
};

/**
 * A shop may tell one order in several events (one a line) or the same event twice under two ids (the thank-you page
 * reloaded): within one transaction each item counts once. Null where nothing new is left of the event.
 */
export function withoutRepeatedLines(purchases: Purchases, event: ShopEvent): ShopEvent | null {
  const known = purchases.last_order;
  if (event.name !== "purchase" || !isSameOrder(known, event)) return event;
  const items = event.items.filter((line) => !known?.item_ids.includes(line.item_id));
  return items.length === 0 ? null : { ...event, items };
}

export function foldPurchase(purchases: Purchases, event: ShopEvent): Purchases {
  const goesOn = isSameOrder(purchases.last_order, event);
  const lines = event.items.map((line) => line.item_id);
  const earlier = goesOn ? (purchases.last_order?.item_ids ?? []) : [];
  return {
    ...purchases,
    orders: purchases.orders + (goesOn ? 0 : 1),
    revenue: purchases.revenue + (goesOn ? linesValue(event.items) : orderValue(event)),
    first_at: purchases.first_at ?? event.timestamp,
    last_at: event.timestamp,
    last_order:
      event.transaction_id === null
        ? null
        : {
            transaction_id: event.transaction_id,
            item_ids: [...earlier, ...lines].slice(-ORDER_ITEMS),
          },
    bought: event.items.reduce(
      (bought, line) => addBought(bought, line, event.timestamp),
      [...purchases.bought],
    ),
  };
}

/** A refund of an order as a whole names no items. */
export function foldRefund(purchases: Purchases, event: ShopEvent): Purchases {
  const returned = new Map(event.items.map((line) => [line.item_id, piecesOf(line)]));
  const bought = purchases.bought
    .map((item) => ({
      ...item,
      quantity: roundQuantity(item.quantity - (returned.get(item.item_id) ?? 0)),
    }))
    .filter((item) => item.quantity > 0);
  return {
    ...purchases,
    refunds: purchases.refunds + 1,
    refunded: purchases.refunded + orderValue(event),
    bought,
  };
}

export function mergePurchases(a: Purchases, b: Purchases): Purchases {
  const [older, newer] = (a.last_at ?? 0) <= (b.last_at ?? 0) ? [a, b] : [b, a];
  const bought = new Map(older.bought.map((item) => [item.item_id, item]));
  for (const item of newer.bought) {
    const other = bought.get(item.item_id);
    bought.set(item.item_id, other === undefined ? item : addBoughtItems(item, other));
  }
  return {
    orders: a.orders + b.orders,
    revenue: a.revenue + b.revenue,
    refunds: a.refunds + b.refunds,
    refunded: a.refunded + b.refunded,
    first_at: minTime(a.first_at, b.first_at),
    last_at: newer.last_at,
    last_order: newer.last_at === null ? null : newer.last_order,
    bought: [...bought.values()].sort(compareBought).slice(-BOUGHT_ITEMS),
  };
}

/** The shop's own total where it gave one, else the sum of the lines. Minor units. */
function orderValue(event: ShopEvent): number {
  return event.value ?? linesValue(event.items);
}

function linesValue(lines: readonly ItemLine[]): number {
  return lines.reduce((sum, line) => sum + Math.round((line.price ?? 0) * piecesOf(line)), 0);
}

function isSameOrder(order: Purchases["last_order"], event: ShopEvent): boolean {
  return order !== null && order.transaction_id === event.transaction_id;
}

function addBought(bought: BoughtItem[], line: ItemLine, at: number): BoughtItem[] {
  const other = bought.find((item) => item.item_id === line.item_id);
  const item = {
    item_id: line.item_id,
    times: (other?.times ?? 0) + 1,
    quantity: roundQuantity((other?.quantity ?? 0) + piecesOf(line)),
    last_at: at,
  };
  return [...bought.filter((known) => known !== other), item].slice(-BOUGHT_ITEMS);
}

function addBoughtItems(a: BoughtItem, b: BoughtItem): BoughtItem {
  return {
    item_id: a.item_id,
    times: a.times + b.times,
    quantity: roundQuantity(a.quantity + b.quantity),
    last_at: Math.max(a.last_at, b.last_at),
  };
}

function compareBought(a: BoughtItem, b: BoughtItem): number {
  return a.last_at - b.last_at || (a.item_id < b.item_id ? -1 : 1);
}

function minTime(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}
