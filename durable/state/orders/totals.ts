// Sums over orders: frequency, value, and the items for buy-again.
import { roundQuantity } from "../event.ts";
import { isLooseRefund, type Order } from "./order.ts";

export type BoughtItem = {
  item_id: string;
  /** Number of orders that hold it. */
  times: number;
  /** What was not given back. */
  quantity: number;
  /** Event time of the first order of it, ms; earlier versions did not keep it. */
  first_at?: number;
  /** Event time of the last order of it, ms. */
  last_at: number;
};

/** ms. Before that, what was bought once is still at hand. */
const AT_HAND = 7 * 24 * 3_600_000;
/** Of the usual time between two orders of an item: from then on it may be wanted again. */
const DUE_SHARE = 0.5;

/**
 * Whether it is time to buy the item again: by the mean time between the shopper's own orders of it where there were
 * several, else after a while. @param now ms
 */
export function isDue({ times, first_at, last_at }: BoughtItem, now: number): boolean {
  const interval = times > 1 && first_at !== undefined ? (last_at - first_at) / (times - 1) : 0;
  return now - last_at >= (interval > 0 ? DUE_SHARE * interval : AT_HAND);
}

/** Cancelled orders do not count. Money in minor units of the shop's currency. */
export type Totals = {
  orders: number;
  revenue: number;
  refunds: number;
  refunded: number;
  first_at: number | null;
  last_at: number | null;
  /** Last bought last, at most `BOUGHT_ITEMS`. */
  bought: BoughtItem[];
};

/** Items kept for buy-again. */
const BOUGHT_ITEMS = 60;

export const NO_TOTALS: Totals = {
  orders: 0,
  revenue: 0,
  refunds: 0,
  refunded: 0,
  first_at: null,
  last_at: null,
  bought: [],
};

/** The totals with these orders, which are not in them yet. */
export function addOrders(totals: Totals, orders: readonly Order[]): Totals {
  const next = { ...totals };
  const bought = new Map(totals.bought.map((item) => [item.item_id, item]));
  const counted = orders.filter((order) => !order.cancelled);
  for (const order of counted) {
    if (order.at === null) continue;
    next.orders += 1;
    next.revenue += order.revenue;
    next.refunds += order.refunds.length;
    next.refunded += order.refunded;
    next.first_at = Math.min(next.first_at ?? order.at, order.at);
    next.last_at = Math.max(next.last_at ?? order.at, order.at);
    for (const item of listBought(order, order.at)) addBought(bought, item);
  }
  // Last: what they take back may be of any of the orders.
  for (const order of counted.filter(isLooseRefund)) {
    next.refunds += 1;
    for (const { lines, value } of order.refunds) {
      next.refunded += value ?? 0;
      for (const { item_id, quantity } of lines) takeBack(bought, item_id, quantity ?? Infinity);
    }
  }
  return { ...next, bought: [...bought.values()].sort(compareBought).slice(-BOUGHT_ITEMS) };
}

/** Both together. */
export function addTotals(a: Totals, b: Totals): Totals {
  const bought = new Map(a.bought.map((item) => [item.item_id, item]));
  for (const item of b.bought) addBought(bought, item);
  const times = [a.first_at, b.first_at, a.last_at, b.last_at].filter((time) => time !== null);
  return {
    orders: a.orders + b.orders,
    revenue: a.revenue + b.revenue,
    refunds: a.refunds + b.refunds,
    refunded: a.refunded + b.refunded,
    first_at: times.length === 0 ? null : Math.min(...times),
    last_at: times.length === 0 ? null : Math.max(...times),
    bought: [...bought.values()].sort(compareBought).slice(-BOUGHT_ITEMS),
  };
}

/** What is left of an order, an item once. */
function listBought({ lines }: Order, last_at: number): BoughtItem[] {
  const items = new Map<string, BoughtItem>();
  for (const { item_id, quantity, refunded } of lines) {
    if (refunded === quantity) continue;
    const known = items.get(item_id)?.quantity ?? 0;
    const left = roundQuantity(known + quantity - refunded);
    items.set(item_id, { item_id, times: 1, quantity: left, first_at: last_at, last_at });
  }
  return [...items.values()];
}

function addBought(bought: Map<string, BoughtItem>, item: BoughtItem): void {
  const other = bought.get(item.item_id);
  if (other === undefined) bought.set(item.item_id, item);
  else
    bought.set(item.item_id, {
      item_id: item.item_id,
      times: item.times + other.times,
      quantity: roundQuantity(item.quantity + other.quantity),
      ...firstOf(item, other),
      last_at: Math.max(item.last_at, other.last_at),
    });
}

/** Nothing where one of them does not say. */
function firstOf(a: BoughtItem, b: BoughtItem): { first_at?: number } {
  if (a.first_at === undefined || b.first_at === undefined) return {};
  return { first_at: Math.min(a.first_at, b.first_at) };
}

function takeBack(bought: Map<string, BoughtItem>, item_id: string, quantity: number): void {
  const item = bought.get(item_id);
  if (item === undefined) return;
  const left = roundQuantity(item.quantity - quantity);
  if (left > 0) bought.set(item_id, { ...item, quantity: left });
  else bought.delete(item_id);
}

function compareBought(a: BoughtItem, b: BoughtItem): number {
  return a.last_at - b.last_at || (a.item_id < b.item_id ? -1 : 1);
}
