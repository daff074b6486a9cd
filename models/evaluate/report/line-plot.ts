// Lines over a numeric axis: learning curves, ROC, precision-recall, reliability.
import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { BOUNDS, renderFigure, renderXAxis, renderYAxis } from "./frame.ts";
import { escapeText, px, seriesClass } from "./markup.ts";

export type LineSeries = { name: string; points: readonly { x: number; y: number }[] };

export type LinePlot = {
  caption: string;
  xLabel: string;
  yLabel: string;
  series: readonly LineSeries[];
  /** Both axes from 0 to 1, as ROC has them; else they fit the data. */
  unit?: boolean;
  /** x counts something (epochs): no ticks in between. */
  whole?: boolean;
  /** A reference line, such as the ROC of guessing. */
  reference?: readonly { x: number; y: number }[];
};

/** Up to so many points are marked one by one, with their values as tooltips. */
const MOST_MARKS = 40;
/** Finer steps than this many across the plot cannot be seen; a ROC of 100,000 examples would weigh megabytes. */
const MOST_POINTS = 500;

export function renderLinePlot(plot: LinePlot): string {
  const all = plot.series.flatMap((series) => series.points);
  const x = scaleLinear(plot.unit ? [0, 1] : extentOf(all.map((point) => point.x)), [
    BOUNDS.left,
    BOUNDS.right,
  ]);
  const y = scaleLinear(plot.unit ? [0, 1] : extentOf(all.map((point) => point.y)), [
    BOUNDS.bottom,
    BOUNDS.top,
  ]);
  if (!plot.unit) y.nice();
  const path = line<{ x: number; y: number }>(
    (point) => x(point.x),
    (point) => y(point.y),
  ).digits(1);
  const lines = plot.series.map(({ name, points }, place) => {
    const marks = points.length > MOST_MARKS ? [] : points;
    const dots = marks.map(
      (point) =>
        `<circle class="${seriesClass(place)}" cx="${px(x(point.x))}" cy="${px(y(point.y))}" r="3"><title>${escapeText(name)}: ${format(point.x)}, ${format(point.y)}</title></circle>`,
    );
    return `<path class="line ${seriesClass(place)}" d="${path(thin(points)) ?? ""}"/>${dots.join("")}`;
  });
  const reference = plot.reference
    ? `<path class="reference" d="${path(plot.reference) ?? ""}"/>`
    : "";
  return renderFigure(
    plot.caption,
    `${renderYAxis(y, plot.yLabel)}${renderXAxis(x, plot.xLabel, plot.whole)}${reference}${lines.join("\n")}`,
    plot.series.map((series) => series.name),
  );
}

function extentOf(values: readonly number[]): [number, number] {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

/** Every nth point, the first and the last always. */
function thin<T>(points: readonly T[]): T[] {
  const step = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, place) => place % step === 0 || place === points.length - 1);
}

function format(value: number): string {
  return value.toPrecision(4).replace(/\.?0+$/, "");
}
