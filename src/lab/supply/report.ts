// What a play of ways to order says: a table at the same fill rates, and curves.
import { renderLinePlot } from "../../../models/evaluate/report/line-plot.ts";
import { renderGrid, renderPage, renderTable } from "../../../models/evaluate/report/page.ts";
import type { LeadTime } from "../../supply/reorder/policy.ts";
import { stockAt, type Played } from "./simulate.ts";

const FILL_RATES = [0.8, 0.85, 0.9];

/** Stock at the same fill rates, of each policy; and against the last 28 days. */
export function tabulate({ curves }: Played): string[][] {
  const head = ["policy", ...FILL_RATES.map((rate) => `stock at ${rate * 100}%`)];
  const other = curves.find(({ policy }) => policy === "last 28 days");
  const rows = curves.map((curve) => [
    curve.policy,
    ...FILL_RATES.map((rate) => {
      const stock = stockAt(curve, rate, "pieces");
      const against = other === undefined ? null : stockAt(other, rate, "pieces");
      if (stock === null) return "-";
      const change = against === null ? "" : ` (${((100 * stock) / against - 100).toFixed(0)}%)`;
      return `${Math.round(stock)}${change}`;
    }),
  ]);
  return [head, ...rows];
}

export function renderReport(
  { items, days, curves }: Played,
  rows: string[][],
  lead: LeadTime,
): string {
  const plot = (what: "pieces" | "money", xLabel: string) =>
    renderLinePlot({
      caption: `Fill rate against ${xLabel}`,
      xLabel,
      yLabel: "share of pieces asked for that were there",
      series: curves.map(({ policy, points }) => ({
        name: policy,
        points: points.map((point) => ({ x: point[what], y: point.fill_rate })),
      })),
    });
  const [head = [], ...body] = rows;
  return renderPage({
    title: "Ways to order, over a shop's own history",
    facts: [
      ["items", String(items)],
      ["days played", String(days)],
      ["lead time", `${lead.mean} ± ${lead.spread} days, orders once a week`],
    ],
    sections: [
      {
        title: "Stock for the same fill rate",
        note: "Pieces at the end of an average day; in brackets against the last 28 days.",
        body: renderTable({ head, rows: body, highlight: 0 }),
      },
      {
        title: "Curves",
        body: renderGrid([plot("pieces", "pieces held"), plot("money", "money held")]),
      },
    ],
  });
}
