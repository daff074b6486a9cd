// All that events have told of one order, joined. To join is commutative and idempotent: in whatever order, parts and
// repetition an order is told, it comes out the same. So it only grows by what purchases say (more lines, larger
// quantities, amounts, totals), and shrinks by refunds and a cancellation alone.
import { joinBy, lineKey, orNull, refundKey } from "./order.ts";
import type { Order, OrderLine, OrderTotal, Refund } from "./order.ts";
import { settleOrder } from "./settle-order.ts";

/** Lines of one order, as many as an event may hold. Of a wholesaler's longer one, told in parts, the rest is not kept. */
const ORDER_LINES = 200;

/** Different refunds of one order. Who returns an order in more parcels than this has it counted up to here. */
const ORDER_REFUNDS = 20;

/** Two tellings of one order. */
export function joinOrders(a: Order, b: Order): Order {
  return settleOrder({
    ...a,
    since: Math.min(a.since, b.since),
    at: a.at === null ? b.at : b.at === null ? a.at : Math.min(a.at, b.at),
    lines: joinBy(a.lines, b.lines, lineKey, joinLines).slice(0, ORDER_LINES),
    total: joinTotals(a.total, b.total),
    refunds: joinBy(a.refunds, b.refunds, refundKey, joinRefunds).slice(0, ORDER_REFUNDS),
    cancelled: a.cancelled || b.cancelled,
  });
}

function joinLines(a: OrderLine, b: OrderLine): OrderLine {
  return {
    ...a,
    quantity: Math.max(a.quantity, b.quantity),
    amount: orNull(a.amount, b.amount, Math.max),
  };
}

function joinRefunds(a: Refund, b: Refund): Refund {
  return { ...a, value: orNull(a.value, b.value, Math.max) };
}

/** What says more: of more lines, then of more money. */
function joinTotals(a: OrderTotal | null, b: OrderTotal | null): OrderTotal | null {
  if (a === null || b === null) return a ?? b;
  return (a.lines - b.lines || a.value - b.value || a.amount - b.amount) >= 0 ? a : b;
}
