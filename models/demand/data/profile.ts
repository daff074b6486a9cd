// How the shop's week goes, and how unsteady an item's days are.
import { rowOf, total, weekdayOf } from "./panel.ts";
import type { Panel } from "./panel.ts";

/** Half a year, in days: long enough for every weekday, short enough for the shop as it is. */
const WINDOW = 182;

/** Sales of each weekday against the mean day, from Monday on: [7], mean 1. A day on which the shop is shut has 0. */
export function weekdayProfile(panel: Panel, origin: number): number[] {
  const sums = [0, 0, 0, 0, 0, 0, 0];
  const from = Math.max(0, origin - WINDOW);
  for (let day = from; day < origin; day++) {
    const weekday = weekdayOf(panel, day);
    for (let item = 0; item < panel.items.length; item++) {
      sums[weekday] = (sums[weekday] ?? 0) + (panel.units[item * panel.days + day] ?? 0);
    }
  }
  const mean = sums.reduce((a, b) => a + b, 0) / sums.length;
  return sums.map((sum) => (mean > 0 ? sum / mean : 1));
}

/** Size of a negative binomial day by moments: variance = mean + mean^2 / size. Small is bursty. */
export function dispersionOf(panel: Panel, item: number, origin: number): number {
  const known = rowOf(panel, item, Math.max(0, origin - WINDOW), origin);
  const mean = total(known) / Math.max(1, known.length);
  const variance =
    known.reduce((sum, units) => sum + (units - mean) ** 2, 0) / Math.max(1, known.length);
  const size = mean ** 2 / Math.max(variance - mean, 1e-6);
  return Math.min(50, Math.max(0.02, size));
}
