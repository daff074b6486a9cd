// Groups of bars with intervals: one group a category, one bar a series.
import { scaleBand, scaleLinear } from "d3-scale";
import { BOUNDS, renderBandAxis, renderFigure, renderYAxis } from "./frame.ts";
import { escapeText, px, seriesClass } from "./markup.ts";

export type Bar = { value: number; interval?: { low: number; high: number } };

export type BarPlot = {
  caption: string;
  xLabel: string;
  yLabel: string;
  categories: readonly string[];
  /** One bar for each category; null leaves a gap. */
  series: readonly { name: string; bars: readonly (Bar | null)[] }[];
};

/** Room for bars beside each other that one can still tell apart, px. */
const CAP = 3;

export function renderBarPlot(plot: BarPlot): string {
  const tops = plot.series.flatMap(({ bars }) =>
    bars.map((bar) => bar?.interval?.high ?? bar?.value ?? 0),
  );
  const y = scaleLinear([0, Math.max(...tops, 1e-9)], [BOUNDS.bottom, BOUNDS.top]).nice();
  const group = scaleBand(plot.categories, [BOUNDS.left, BOUNDS.right]).padding(0.2);
  const inner = scaleBand(
    plot.series.map((series) => series.name),
    [0, group.bandwidth()],
  ).padding(0.12);
  const bars = plot.series.flatMap(({ name, bars }, place) =>
    bars.map((bar, at) => {
      const category = plot.categories[at];
      if (bar === null || category === undefined) return "";
      const left = (group(category) ?? 0) + (inner(name) ?? 0);
      return renderBar(`${name}, ${category}`, bar, left, inner.bandwidth(), y, seriesClass(place));
    }),
  );
  return renderFigure(
    plot.caption,
    `${renderYAxis(y, plot.yLabel)}${bars.join("\n")}${renderBandAxis(group, plot.xLabel)}`,
    plot.series.map((series) => series.name),
  );
}

function renderBar(
  name: string,
  bar: Bar,
  left: number,
  width: number,
  y: (value: number) => number,
  style: string,
): string {
  const [top, middle] = [y(bar.value), left + width / 2];
  const told = `${name}: ${bar.value.toFixed(2)}`;
  const range = bar.interval
    ? ` (${bar.interval.low.toFixed(2)} to ${bar.interval.high.toFixed(2)})`
    : "";
  const whisker = bar.interval
    ? `<path class="whisker" d="M${px(middle - CAP)} ${px(y(bar.interval.high))}h${2 * CAP}M${px(middle)} ${px(y(bar.interval.high))}V${px(y(bar.interval.low))}M${px(middle - CAP)} ${px(y(bar.interval.low))}h${2 * CAP}"/>`
    : "";
  return `<g><title>${escapeText(told + range)}</title><rect class="bar ${style}" x="${px(left)}" y="${px(top)}" width="${px(width)}" height="${px(BOUNDS.bottom - top)}" rx="2"/>${whisker}</g>`;
}
