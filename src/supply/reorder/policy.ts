// When to order how much of one item. Demand of a stretch of days is negative binomial, lead times vary, and the answer is
// a quantile of what is sold until the goods are there (Silver, Pyke and Thomas, Inventory and Production Management, ch. 6).
import { countQuantiles } from "../../../models/demand/baselines/negative-binomial.ts";

/** Pieces a day, and their variance from day to day. */
export type Demand = { mean: number; variance: number };
/** From order to receipt, days. */
export type LeadTime = { mean: number; spread: number };

export type Terms = {
  lead: LeadTime;
  /** Days from one chance to order to the next. */
  review: number;
  /** Chance not to run out before the goods of this order are there, 0 to 1. */
  service: number;
  pack: number;
  minimum: number;
  /** For sale for less than the half year that demand is read from: that nothing was sold says nothing yet. */
  isNew: boolean;
};

export type ItemState = "good" | "order_now" | "critical" | "excess" | "dead";

export type Plan = {
  reorder_point: number;
  order_up_to: number;
  /** Rounded to packs; 0 where nothing is due. */
  quantity: number;
  /** Rounding orders more than a month's demand beyond need. */
  is_rounded_to_excess: boolean;
  /** Chance to run out before goods that are ordered now are there, 0 to 1. */
  stockout_probability: number;
  /** Days by whose end what is there is sold, with a chance of one half and of nine in ten; null beyond a year. */
  days_left: { p50: number | null; p90: number | null };
  /** Days until an order is due; 0 now; null where nothing sells. */
  order_in_days: number | null;
  state: ItemState;
};

const LONGEST = 365;
const MONTH = 28;
/** More than so many days of demand is excess. */
const EXCESS_DAYS = 180;
const PERCENT = Array.from({ length: 99 }, (_, index) => (index + 1) / 100);

/** Of the pieces sold in `days` and a lead time on top, where one is given. */
export function demandQuantiles(
  { mean, variance }: Demand,
  days: number,
  quantiles: readonly number[],
  spread = 0,
): number[] {
  const total = mean * days;
  return countQuantiles(total, Math.max(total, variance * days + (mean * spread) ** 2), quantiles);
}

/** @param on_hand pieces there now @param position with what is on order */
export function planItem(demand: Demand, on_hand: number, position: number, terms: Terms): Plan {
  const { lead, review, service, pack, minimum, isNew } = terms;
  const [reorder_point = 0] = demandQuantiles(demand, lead.mean + 1, [service], lead.spread);
  const [order_up_to = 0] = demandQuantiles(demand, lead.mean + review, [service], lead.spread);
  const isDue = demand.mean > 0 && position <= reorder_point;
  const need = Math.max(0, Math.max(order_up_to, reorder_point + 1) - position);
  const quantity = isDue ? roundToPacks(need, pack, minimum) : 0;
  const inLead = demandQuantiles(demand, lead.mean, PERCENT, lead.spread);
  const stockout_probability =
    demand.mean > 0 ? inLead.filter((pieces) => pieces > position).length / PERCENT.length : 0;
  const order_in_days =
    demand.mean > 0 ? Math.max(0, Math.floor((position - reorder_point) / demand.mean)) : null;
  return {
    reorder_point,
    order_up_to,
    quantity,
    is_rounded_to_excess: quantity - need > demand.mean * MONTH && quantity - need >= 1,
    stockout_probability,
    days_left: { p50: daysUntil(demand, on_hand, 0.5), p90: daysUntil(demand, on_hand, 0.1) },
    order_in_days,
    state:
      demand.mean === 0
        ? judgeUnsold(on_hand, isNew)
        : judge(demand, on_hand, position, reorder_point, stockout_probability),
  };
}

function judgeUnsold(on_hand: number, isNew: boolean): ItemState {
  return on_hand > 0 && !isNew ? "dead" : "good";
}

function judge(
  demand: Demand,
  on_hand: number,
  position: number,
  reorder_point: number,
  stockout_probability: number,
): ItemState {
  if (on_hand <= 0 || (position <= reorder_point && stockout_probability >= 0.5)) return "critical";
  if (position <= reorder_point) return "order_now";
  const [most = 0] = demandQuantiles(demand, EXCESS_DAYS, [0.95]);
  return position > most ? "excess" : "good";
}

/** The first day by whose end this quantile of demand takes all that is there; null beyond a year. */
function daysUntil(demand: Demand, on_hand: number, quantile: number): number | null {
  if (on_hand <= 0) return 0;
  let low = 0;
  let high = LONGEST + 1;
  // Demand only grows with days.
  while (high - low > 1) {
    const days = Math.floor((low + high) / 2);
    const [sold = 0] = demandQuantiles(demand, days, [quantile]);
    if (sold >= on_hand) high = days;
    else low = days;
  }
  return high > LONGEST ? null : high;
}

function roundToPacks(need: number, pack: number, minimum: number): number {
  const wanted = Math.max(need, minimum);
  return pack > 0 ? Math.ceil(wanted / pack - 1e-9) * pack : wanted;
}

/** The supplier's word counts as so many deliveries. */
const PRIOR = 4;

/**
 * Lead times as deliveries bear them out.
 *
 * @param delivered days of each order that arrived @param waiting days since each that has not
 */
export function learnLeadTime(
  told: LeadTime,
  delivered: readonly number[],
  waiting: readonly number[],
): LeadTime {
  // An order that is overdue takes at least as long as it has taken.
  const late = waiting.filter((days) => days > told.mean);
  const seen = [...delivered, ...late];
  const count = PRIOR + seen.length;
  const mean = (PRIOR * told.mean + seen.reduce((sum, days) => sum + days, 0)) / count;
  const squares =
    PRIOR * (told.spread ** 2 + (told.mean - mean) ** 2) +
    seen.reduce((sum, days) => sum + (days - mean) ** 2, 0);
  return { mean, spread: Math.sqrt(squares / count) };
}

export type AbcClass = "A" | "B" | "C";
export type XyzClass = "X" | "Y" | "Z";

/** A: the items that bring the first 80% of the money; B the next 15%; C the rest. @param revenues of all items */
export function classify(revenues: ReadonlyMap<string, number>): Map<string, AbcClass> {
  const sorted = [...revenues].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const total = sorted.reduce((sum, [, revenue]) => sum + Math.max(0, revenue), 0);
  let before = 0;
  return new Map(
    sorted.map(([item_id, revenue]) => {
      const share = total > 0 ? before / total : 1;
      before += Math.max(0, revenue);
      return [item_id, share < 0.8 ? "A" : share < 0.95 ? "B" : "C"] as const;
    }),
  );
}

/** X: steady weeks; Y: varying; Z: hardly to be foretold, by the coefficient of variation. */
export function steadiness(weeks: readonly number[]): XyzClass {
  const mean = weeks.reduce((sum, units) => sum + units, 0) / Math.max(1, weeks.length);
  if (mean <= 0) return "Z";
  const variance = weeks.reduce((sum, units) => sum + (units - mean) ** 2, 0) / weeks.length;
  const variation = Math.sqrt(variance) / mean;
  return variation < 0.5 ? "X" : variation < 1 ? "Y" : "Z";
}
