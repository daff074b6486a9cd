// What supply tools do without a model: quantiles of the sum over the horizon from an item's own past.
import { Random } from "../../graph/random.ts";
import { QUANTILES } from "../config.ts";
import { HORIZON, rowOf, total, weekdayOf } from "../data/panel.ts";
import type { Panel } from "../data/panel.ts";
import { dispersionOf, weekdayProfile } from "../data/profile.ts";
import type { SumQuantiles } from "../config.ts";
import { countQuantiles } from "./negative-binomial.ts";
import { tsbRate } from "./tsb.ts";

export type Baseline = (panel: Panel, items: readonly number[], origin: number) => SumQuantiles;

/** Share of the newest day in exponential smoothing. */
const SMOOTHING = 0.03;
/** Weeks that the bootstrap draws from, and draws. */
const WEEKS = 13;
const DRAWS = 400;

export const BASELINES: Readonly<Record<string, Baseline>> = {
  "last-28-days": (panel, items, origin) =>
    items.map((item) => point(total(rowOf(panel, item, origin - HORIZON, origin)))),
  "seasonal-naive": (panel, items, origin) =>
    items.map((item) => point((total(rowOf(panel, item, origin - 7, origin)) * HORIZON) / 7)),
  "week-bootstrap": bootstrapWeeks,
  "smoothing-nb": (panel, items, origin) => spread(panel, items, origin, smoothedRate),
  "tsb-nb": (panel, items, origin) => spread(panel, items, origin, tsbRate),
};

/** One figure for all quantiles. */
function point(pieces: number): number[] {
  return QUANTILES.map(() => pieces);
}

function smoothedRate(known: Float32Array): number {
  let rate = total(known.subarray(0, HORIZON)) / HORIZON;
  for (const units of known.subarray(HORIZON)) rate += SMOOTHING * (units - rate);
  return rate;
}

/** A rate by weekday, its days negative binomial. */
function spread(
  panel: Panel,
  items: readonly number[],
  origin: number,
  rateOf: (known: Float32Array) => number,
): SumQuantiles {
  const profile = weekdayProfile(panel, origin);
  const days = Array.from(
    { length: HORIZON },
    (_, ahead) => profile[weekdayOf(panel, origin + ahead)] ?? 1,
  );
  const [sum, squares] = days.reduce(([a, b], day) => [a + day, b + day * day] as const, [
    0, 0,
  ] as readonly [number, number]);
  return items.map((item) => {
    const rate = rateOf(rowOf(panel, item, 0, origin));
    const size = dispersionOf(panel, item, origin);
    return countQuantiles(rate * sum, rate * sum + (rate ** 2 * squares) / size, QUANTILES);
  });
}

/** Whole weeks keep what belongs together in one. */
function bootstrapWeeks(panel: Panel, items: readonly number[], origin: number): SumQuantiles {
  const random = new Random(1);
  const weeks = Math.min(WEEKS, Math.floor(origin / 7));
  const draws = Array.from({ length: DRAWS }, () =>
    Array.from({ length: HORIZON / 7 }, () => Math.floor(random.uniform() * weeks)),
  );
  return items.map((item) => {
    const sums = Array.from({ length: weeks }, (_, back) =>
      total(rowOf(panel, item, origin - 7 * (back + 1), origin - 7 * back)),
    );
    const drawn = draws.map((chosen) => chosen.reduce((sum, week) => sum + (sums[week] ?? 0), 0));
    const sorted = drawn.toSorted((a, b) => a - b);
    return QUANTILES.map((quantile) => sorted[Math.floor(quantile * DRAWS)] ?? 0);
  });
}
