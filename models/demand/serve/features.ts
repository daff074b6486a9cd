// What is known of an item's demand on the morning of a day: sales of the last weeks against the item's own level, how
// steady they are, its age, price, and where the whole shop is heading. Nothing of that day or later.
import { demandLevel, tsbRate } from "../baselines/tsb.ts";
import { activeDays, HORIZON, rowOf, total } from "../data/panel.ts";
import type { Panel } from "../data/panel.ts";

const WINDOWS = [7, 14, 28, 56, 91, 182] as const;

export const FEATURES = [
  "level",
  ...WINDOWS.flatMap((days) => [`sold_${days}`, `active_${days}`, `largest_${days}`]),
  "tsb",
  "since_last_sale",
  "age",
  "price",
  "month_before_last",
  "shop_month",
  "shop_week",
  "group_month",
] as const;

/** Characters of an item's code that name its range of goods. */
const GROUP_CODE = 3;

export type FeatureRows = {
  /** [items, FEATURES.length] */
  features: Float32Array;
  /** Pieces in `HORIZON` days that an item's sums are measured in, never 0: [items]. */
  levels: Float64Array;
};

/** @param origin the first day that is not known */
export function readFeatures(panel: Panel, items: readonly number[], origin: number): FeatureRows {
  const features = new Float32Array(items.length * FEATURES.length);
  const levels = new Float64Array(items.length);
  const shop = trendOf(panel, panel.items.keys(), origin);
  const groups = groupTrends(panel, origin);
  for (const [row, item] of items.entries()) {
    const known = rowOf(panel, item, 0, origin);
    const level = demandLevel(known);
    levels[row] = level;
    const scaled = (sum: number): number => Math.log1p(sum) - Math.log(level);
    const recent = WINDOWS.flatMap((days) => {
      const window = known.subarray(Math.max(0, origin - days));
      const scale = Math.min(origin, days) / HORIZON;
      return [
        scaled(total(window) / scale),
        Math.log1p(activeDays(window)),
        scaled(largest(window)),
      ];
    });
    const first = known.findIndex((sold) => sold > 0);
    const last = known.findLastIndex((sold) => sold > 0);
    features.set(
      [
        Math.log(level),
        ...recent,
        scaled(tsbRate(known) * HORIZON),
        Math.log1p(origin - 1 - last),
        Math.log1p(first < 0 ? 0 : origin - first),
        Math.log1p(panel.prices[item] ?? 0),
        scaled(total(known.subarray(Math.max(0, origin - 2 * HORIZON), origin - HORIZON))),
        shop.month,
        shop.week,
        groups.get(groupOf(panel, item)) ?? 0,
      ],
      row * FEATURES.length,
    );
  }
  return { features, levels };
}

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

function groupOf(panel: Panel, item: number): string {
  return (panel.items[item] ?? "").slice(0, GROUP_CODE);
}

function groupTrends(panel: Panel, origin: number): Map<string, number> {
  const members = Map.groupBy(panel.items.keys(), (item) => groupOf(panel, item));
  return new Map(
    Array.from(members, ([group, items]) => [group, trendOf(panel, items, origin).month]),
  );
}

/** Logarithm of growth from one period to the next; a few pieces more or less in a small group say little. */
function trendOf(
  panel: Panel,
  items: Iterable<number>,
  origin: number,
): { month: number; week: number } {
  const sums = [0, 0, 0, 0];
  const ends = [
    [HORIZON, 0],
    [2 * HORIZON, HORIZON],
    [7, 0],
    [14, 7],
  ] as const;
  for (const item of items) {
    for (const [at, [from, to]] of ends.entries()) {
      const window = rowOf(panel, item, Math.max(0, origin - from), Math.max(0, origin - to));
      sums[at] = (sums[at] ?? 0) + total(window);
    }
  }
  const [month = 0, before = 0, week = 0, weekBefore = 0] = sums;
  const few = 50;
  return {
    month: Math.log((month + few) / (before + few)),
    week: Math.log((week + few) / (weekBefore + few)),
  };
}
