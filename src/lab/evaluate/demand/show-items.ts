// Eight items to look at: what was sold before and after the origin, added up, beside the forecast's P10, P50 and P90.
import { activeDays, HORIZON, rowOf, total } from "../../../../models/demand/data/panel.ts";
import type { Panel } from "../../../../models/demand/data/panel.ts";
import { dispersionOf } from "../../../../models/demand/data/profile.ts";
import { samplePaths } from "../../../../models/demand/serve/sample-paths.ts";
import { renderLinePlot } from "../../../../models/evaluate/report/line-plot.ts";
import { Random } from "../../../../models/graph/random.ts";
import { dailyProfile } from "./daily-loss.ts";
import type { OriginForecasts } from "../../../../models/demand/train/roll.ts";

const PATHS = 300;

export function plotItems(panel: Panel, rolled: OriginForecasts): string[] {
  return chooseItems(panel, rolled).map(({ kind, row }) => plotItem(panel, rolled, kind, row));
}

/** Rows by what they stand for; one item stands for one kind. */
function chooseItems(panel: Panel, { items, origin }: OriginForecasts) {
  const facts = items.map((item, row) => {
    const known = rowOf(panel, item, 0, origin);
    const autumn = total(known.subarray(origin - HORIZON));
    return {
      row,
      active: activeDays(known.subarray(origin - 56)),
      half: total(known.subarray(Math.max(0, origin - 182))),
      growth:
        (autumn + 5) / (total(known.subarray(origin - 4 * HORIZON, origin - 3 * HORIZON)) + 5),
      age: origin - known.findIndex((sold) => sold > 0),
    };
  });
  type Fact = (typeof facts)[number];
  const kinds: [string, number, (fact: Fact) => number][] = [
    ["new", 1, (fact) => (fact.active > 8 ? -fact.age : -Infinity)],
    ["seasonal", 2, (fact) => (fact.half > 200 ? fact.growth : -Infinity)],
    ["fast", 2, (fact) => fact.half],
    ["intermittent", 2, (fact) => (fact.active >= 3 && fact.active <= 8 ? fact.half : -Infinity)],
    ["slow", 1, (fact) => -fact.half],
  ];
  const taken = new Set<number>();
  return kinds.flatMap(([kind, wanted, score]) => {
    const best = facts.filter(({ row }) => !taken.has(row)).toSorted((a, b) => score(b) - score(a));
    return best.slice(0, wanted).map(({ row }) => {
      taken.add(row);
      return { kind, row };
    });
  });
}

function plotItem(panel: Panel, rolled: OriginForecasts, kind: string, row: number): string {
  const { origin, items, forecasts } = rolled;
  const item = items[row] ?? 0;
  const quantiles = forecasts.get("demand")?.[row] ?? [];
  const profile = dailyProfile(panel, origin);
  const size = dispersionOf(panel, item, origin);
  const paths = samplePaths(quantiles, profile, size, PATHS, new Random(1, row)).map(runningSum);
  const lineAt = (quantile: number) => ({
    name: `P${quantile * 100}`,
    points: profile.map((_, day) => {
      const sorted = paths.map((path) => path[day] ?? 0).toSorted((a, b) => a - b);
      return { x: day + 1, y: sorted[Math.floor(quantile * PATHS)] ?? 0 };
    }),
  });
  const sold = runningSum(rowOf(panel, item, origin, origin + HORIZON));
  const before = runningSum(rowOf(panel, item, origin - HORIZON, origin));
  const asLine = (name: string, sums: readonly number[]) => ({
    name,
    points: sums.map((y, day) => ({ x: day + 1, y })),
  });
  return renderLinePlot({
    caption: `${panel.items[item]} (${kind})`,
    xLabel: "days from the origin",
    yLabel: "pieces, added up",
    whole: true,
    series: [
      asLine("sold", sold),
      lineAt(0.1),
      lineAt(0.5),
      lineAt(0.9),
      asLine("28 days before", before),
    ],
  });
}

function runningSum(values: Iterable<number>): number[] {
  let sum = 0;
  return Array.from(values, (value) => (sum += value));
}
