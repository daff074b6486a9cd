// How good quantiles of sums are: pinball loss scaled by units, and how often the P90 was enough.
import { QUANTILES } from "./config.ts";
import type { SumQuantiles } from "./config.ts";

export type DemandQuality = { p50: number; p90: number; cover90: number };

export const P50 = QUANTILES.indexOf(0.5);
export const P90 = QUANTILES.indexOf(0.9);

/** q (y - f) where too little was foreseen, (1 - q) (f - y) where too much. */
export function pinball(quantile: number, forecast: number, sold: number): number {
  const short = sold - forecast;
  return Math.max(quantile * short, (quantile - 1) * short);
}

/** @param sold pieces of each item, in the order of the forecasts */
export function judgeSums(forecasts: SumQuantiles, sold: Float64Array): DemandQuality {
  const units = sold.reduce((sum, each) => sum + each, 0);
  let [p50, p90, covered] = [0, 0, 0];
  for (const [row, forecast] of forecasts.entries()) {
    const was = sold[row] ?? 0;
    p50 += pinball(0.5, forecast[P50] ?? 0, was);
    p90 += pinball(0.9, forecast[P90] ?? 0, was);
    if (was <= (forecast[P90] ?? 0)) covered++;
  }
  return {
    p50: (2 * p50) / units,
    p90: (2 * p90) / units,
    cover90: covered / Math.max(1, forecasts.length),
  };
}
