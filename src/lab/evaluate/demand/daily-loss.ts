// Scaled pinball of single days at P10, P50 and P90, from sample paths.
import { HORIZON, rowOf, weekdayOf } from "../../../../models/demand/data/panel.ts";
import type { Panel } from "../../../../models/demand/data/panel.ts";
import { dispersionOf, weekdayProfile } from "../../../../models/demand/data/profile.ts";
import { pinball } from "../../../../models/demand/quality.ts";
import { samplePaths } from "../../../../models/demand/serve/sample-paths.ts";
import type { SumQuantiles } from "../../../../models/demand/config.ts";
import { Random } from "../../../../models/graph/random.ts";

/** Enough for a P90 of days. */
const PATHS = 60;
const JUDGED = [0.1, 0.5, 0.9] as const;

export function dailyProfile(panel: Panel, origin: number): number[] {
  const profile = weekdayProfile(panel, origin);
  return Array.from(
    { length: HORIZON },
    (_, ahead) => profile[weekdayOf(panel, origin + ahead)] ?? 1,
  );
}

export function dailyLoss(
  panel: Panel,
  items: readonly number[],
  origin: number,
  forecasts: SumQuantiles,
): number {
  const profile = dailyProfile(panel, origin);
  const random = new Random(1);
  let [loss, units] = [0, 0];
  for (const [row, item] of items.entries()) {
    const size = dispersionOf(panel, item, origin);
    const paths = samplePaths(forecasts[row] ?? [], profile, size, PATHS, random);
    for (const [day, sold] of rowOf(panel, item, origin, origin + HORIZON).entries()) {
      const sorted = paths.map((path) => path[day] ?? 0).toSorted((a, b) => a - b);
      units += sold;
      for (const quantile of JUDGED) {
        loss += 2 * pinball(quantile, sorted[Math.floor(quantile * PATHS)] ?? 0, sold);
      }
    }
  }
  return loss / JUDGED.length / units;
}
