// What an order has come to: how much of each line was given back, and the sums. A function of what was told alone.
// `netOrderLines` in src/log/order-lines.ts says the same in SQL; a property test holds the two together.
import { roundQuantity } from "../event.ts";
import { sumAmounts } from "./order.ts";
import type { Order, OrderLine, RefundLine } from "./order.ts";

/** The order with `refunded` of its lines, `revenue` and `refunded` worked out. */
export function settleOrder(order: Order): Order {
  const revenue = revenueOf(order);
  const isWhole = isRefundedWhole(order, revenue);
  const lines = isWhole ? order.lines.map(refundAll) : refundLines(order);
  const isAllBack = lines.length > 0 && lines.every((line) => line.refunded === line.quantity);
  const refunded =
    isWhole || isAllBack ? revenue : Math.min(revenue, sumRefunded(lines) + sumGiven(order));
  return { ...order, lines, revenue, refunded };
}

/**
 * The sum of the lines, less the discount (or with the shipping) that the shop's own total tells of, where one event
 * told it of all the lines; of an order told in parts, the total may be of the part or of the whole, so the larger of it
 * and the sum.
 */
function revenueOf({ lines, total }: Order): number {
  const sum = sumAmounts(lines);
  if (total === null) return sum;
  const { value, amount } = total;
  return total.lines === lines.length ? Math.max(0, sum + value - amount) : Math.max(value, sum);
}

/** By a refund that names nothing but the order, or by amounts that come to all of it. */
function isRefundedWhole(order: Order, revenue: number): boolean {
  const isNamed = order.refunds.some(({ lines, value }) => lines.length === 0 && value === null);
  const amounts = sumGiven(order);
  return isNamed || (amounts > 0 && amounts >= revenue);
}

/** Given back as amounts, of no line in particular. */
function sumGiven({ lines, refunds }: Order): number {
  return refunds
    .filter((refund) => refund.lines.length === 0 || lines.length === 0)
    .reduce((sum, { value }) => sum + (value ?? 0), 0);
}

function sumRefunded(lines: readonly OrderLine[]): number {
  return lines.reduce((sum, line) => sum + refundedAmount(line), 0);
}

/** Of the line's amount, the part of its refunded quantity. */
function refundedAmount({ quantity, amount, refunded }: OrderLine): number {
  if (amount === null || refunded === 0) return 0;
  return refunded === quantity ? amount : Math.floor((amount * refunded) / quantity + 0.5);
}

function refundAll(line: OrderLine): OrderLine {
  return { ...line, refunded: line.quantity };
}

/**
 * First what names a line's own variant; then what names an item in a variant that was not bought, or in none, from
 * the item's lines one after another.
 */
function refundLines({ lines, refunds }: Order): OrderLine[] {
  const told = refunds.flatMap((refund) => refund.lines);
  const isOf = (line: OrderLine) => (part: RefundLine) =>
    part.item_id === line.item_id && part.variant === line.variant;
  const pools = new Map<string, number>();
  for (const part of told) {
    if (lines.some((line) => isOf(line)(part))) continue;
    const pool = pools.get(part.item_id) ?? 0;
    pools.set(part.item_id, pool + (part.quantity ?? Infinity));
  }
  return lines.map((line) => {
    const own = told.filter(isOf(line)).reduce((sum, part) => sum + (part.quantity ?? Infinity), 0);
    const exact = Math.min(own, line.quantity);
    const pool = pools.get(line.item_id) ?? 0;
    const more = Math.min(pool, line.quantity - exact);
    pools.set(line.item_id, pool - more);
    return { ...line, refunded: roundQuantity(exact + more) };
  });
}
