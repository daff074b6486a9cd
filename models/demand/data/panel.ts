// A shop's sales as a panel: units of each item on each day, one row an item. Plain data; it knows neither files nor models.

export type Panel = {
  items: readonly string[];
  /** Day number since the epoch (UTC) of the first column. */
  firstDay: number;
  days: number;
  /** [items, days], pieces sold. */
  units: Float32Array;
  /** Median price of an item in the shop's currency; 0 where unknown. */
  prices: Float32Array;
};

export const DAY_MS = 86_400_000;

/** Days that a forecast reaches ahead. */
export const HORIZON = 28;

/** 0 is Monday, as trade counts the week. The epoch was a Thursday. */
export function weekdayOf(panel: Panel, day: number): number {
  return (panel.firstDay + day + 3) % 7;
}

/** The days `from` to `to` (without it) of one item; a view, not a copy. */
export function rowOf(
  { units, days }: Panel,
  item: number,
  from: number,
  to: number,
): Float32Array {
  return units.subarray(item * days + from, item * days + to);
}

export function total(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** Days with a sale. */
export function activeDays(values: Float32Array): number {
  let count = 0;
  for (const value of values) if (value > 0) count++;
  return count;
}

/** Items sold on at least `least` of the `window` days before `origin`. */
export function soldItems(panel: Panel, origin: number, least = 5, window = 180): number[] {
  const from = Math.max(0, origin - window);
  return Array.from(panel.items.keys()).filter(
    (item) => activeDays(rowOf(panel, item, from, origin)) >= least,
  );
}

/** What was sold in the `horizon` days from `origin` on, by item. */
export function soldFrom(
  panel: Panel,
  items: readonly number[],
  origin: number,
  horizon = HORIZON,
): Float64Array {
  return Float64Array.from(items, (item) => total(rowOf(panel, item, origin, origin + horizon)));
}
