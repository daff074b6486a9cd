// What a shopper bought: the last orders as they stand, and the sums over all. A pure fold over purchases, refunds and
// cancellations in any order: whatever is told of an order again, late or in parts, counts once.
import type { ItemLine, ShopEvent } from "../event.ts";
import { addOrders, addTotals, NO_TOTALS, type Totals } from "./totals.ts";
import type { Order } from "./order.ts";
import { hasRefund, isLooseRefund, isSameOrder, lineKey, toOrder } from "./order.ts";
import { joinOrders } from "./join-orders.ts";

/** Frequency and value of a shopper; money in minor units of the shop's currency. */
export type Purchases = Totals & {
  /** Oldest first, at most `KEPT_ORDERS`: refunds, changes and repetitions still find them. */
  last_orders: Order[];
  /** The sums of those before, and fingerprints of their transaction ids, so that they do not count again. */
  older: Totals & { seen: number[] };
};

/** Orders kept whole: a year of a good customer, and longer than goods may be sent back. */
export const KEPT_ORDERS = 20;

/** Lines of all kept orders and their refunds: of a wholesaler's orders fewer are kept, though one at least. */
const KEPT_WEIGHT = 200;

/** Transactions known to have been counted; beyond these, one told again counts again. */
const SEEN_ORDERS = 200;

export const NO_PURCHASES: Purchases = {
  ...NO_TOTALS,
  last_orders: [],
  older: { ...NO_TOTALS, seen: [] },
};

/**
 * The lines of an event that were not told before: a shop may tell one order in several events (one a line), or twice
 * (the thank-you page reloaded; browser and back end). Null where nothing is new.
 */
export function findNews(purchases: Purchases, event: ShopEvent): ItemLine[] | null {
  const told = toOrder(event);
  if (told === null) return event.items;
  if (isForgotten(purchases.older, told)) return event.name === "refund" ? event.items : null;
  const known = purchases.last_orders.find((order) => isSameOrder(order, told));
  if (known === undefined) return event.items;
  if (event.name === "refund") return hasRefund(known, event) ? null : event.items;
  if (event.name === "cancel") return known.cancelled ? null : event.items;
  if (known.at === null) return event.items;
  const keys = new Set(known.lines.map(lineKey));
  const items = event.items.filter((line) => !keys.has(lineKey(line)));
  return items.length === 0 ? null : items;
}

export function foldPurchases(purchases: Purchases, event: ShopEvent): Purchases {
  const told = toOrder(event);
  if (told === null) return purchases;
  if (!isForgotten(purchases.older, told))
    return keep(purchases.older, purchases.last_orders, [told]);
  if (event.name !== "refund") return purchases;
  // What is left of the order to refund is not known any more: it counts what it says.
  const loose = { ...told, transaction_id: null, event_id: event.event_id };
  return keep(purchases.older, purchases.last_orders, [loose]);
}

/** What two shoppers bought who are one. */
export function mergePurchases(a: Purchases, b: Purchases): Purchases {
  const seen = [...new Set([...a.older.seen, ...b.older.seen])].slice(-SEEN_ORDERS);
  const older = { ...addTotals(a.older, b.older), seen };
  return keep(
    older,
    a.last_orders.filter((order) => !isForgotten(b.older, order)),
    b.last_orders.filter((order) => !isForgotten(a.older, order)),
  );
}

/** @param more orders of which some may be among `orders` */
function keep(
  older: Purchases["older"],
  orders: readonly Order[],
  more: readonly Order[],
): Purchases {
  const all = [...orders];
  for (const order of more) {
    const at = all.findIndex((other) => isSameOrder(other, order));
    const known = all[at];
    if (known === undefined) all.push(joinOrders(order, order));
    else all[at] = joinOrders(known, order);
  }
  all.sort(compareOrders);
  const count = all.length - countKept(all);
  const left = count === 0 ? older : forget(older, all.slice(0, count));
  const last_orders = all.slice(count);
  const { seen: _seen, ...totals } = left;
  return { ...addOrders(totals, last_orders), last_orders, older: left };
}

/** How many of the last ones there is room for. */
function countKept(orders: readonly Order[]): number {
  let weight = 0;
  let count = 0;
  for (const order of orders.toReversed()) {
    weight += order.refunds.reduce((sum, { lines }) => sum + lines.length, order.lines.length);
    if (count === KEPT_ORDERS || (count > 0 && weight > KEPT_WEIGHT)) break;
    count++;
  }
  return count;
}

function forget(older: Purchases["older"], orders: readonly Order[]): Purchases["older"] {
  const { seen, ...totals } = older;
  const counted = orders.filter((order) => order.at !== null || isLooseRefund(order));
  const ids = counted.flatMap(({ transaction_id }) =>
    transaction_id === null ? [] : [fingerprint(transaction_id)],
  );
  return { ...addOrders(totals, counted), seen: [...seen, ...ids].slice(-SEEN_ORDERS) };
}

function isForgotten({ seen }: Purchases["older"], { transaction_id }: Order): boolean {
  return transaction_id !== null && seen.length > 0 && seen.includes(fingerprint(transaction_id));
}

function compareOrders(a: Order, b: Order): number {
  if (a.since !== b.since) return a.since - b.since;
  return orderKey(a) < orderKey(b) ? -1 : 1;
}

function orderKey({ transaction_id, event_id }: Order): string {
  return transaction_id === null ? `e${event_id}` : `t${transaction_id}`;
}

/** FNV-1a, 32 bits: among 200 orders one in 20 million is taken for another. */
function fingerprint(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** As versions kept it that counted orders and knew only the last one. */
export type EarlierPurchases = Totals & {
  last_order: { transaction_id: string; item_ids: string[] } | null;
};

export function completePurchases(kept: Purchases | EarlierPurchases): Purchases {
  if ("last_orders" in kept) return kept;
  const { last_order, ...totals } = kept;
  const seen = last_order === null ? [] : [fingerprint(last_order.transaction_id)];
  return { ...totals, last_orders: [], older: { ...totals, seen } };
}
