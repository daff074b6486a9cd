// Groups of bars: one group a category, one bar a series.
import { scaleBand, scaleLinear } from "d3-scale";
import { BOUNDS, renderBandAxis, renderFigure, renderYAxis } from "./frame.ts";
import { escapeText, px, seriesClass } from "./markup.ts";

export type Bar = { value: number };

export type BarPlot = {
  caption: string;
  xLabel: string;
  yLabel: string;
  categories: readonly string[];
  /** One bar for each category; null leaves a gap. */
  series: readonly { name: string; bars: readonly (Bar | null)[] }[];
};

export function renderBarPlot(plot: BarPlot): string {
  const tops = plot.series.flatMap(({ bars }) => bars.map((bar) => bar?.value ?? 0));
  const y = scaleLinear([0, Math.max(...tops, 1e-9)], [BOUNDS.bottom, BOUNDS.top]).nice();
  const group = scaleBand(plot.categories, [BOUNDS.left, BOUNDS.right]).padding(0.2);
  const inner = scaleBand(
    plot.series.map((series) => series.name),
    [0, group.bandwidth()],
  ).padding(0.12);
  const bars = plot.series.flatMap(({ name, bars }, index) =>
    bars.map((bar, at) => {
      const category = plot.categories[at];
      if (bar === null || category === undefined) return "";
      const left = (group(category) ?? 0) + (inner(name) ?? 0);
      const top = y(bar.value);
      return `<rect class="bar ${seriesClass(index)}" x="${px(left)}" y="${px(top)}" width="${px(inner.bandwidth())}" height="${px(BOUNDS.bottom - top)}" rx="2"><title>${escapeText(`${name}, ${category}: ${bar.value.toFixed(2)}`)}</title></rect>`;
    }),
  );
  return renderFigure(
    plot.caption,
    `${renderYAxis(y, plot.yLabel)}${bars.join("\n")}${renderBandAxis(group, plot.xLabel)}`,
    plot.series.map((series) => series.name),
  );
}
