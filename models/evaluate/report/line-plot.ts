// Lines over a numeric axis: learning curves, ROC, precision-recall, reliability.
import { scaleLinear, scaleLog } from "d3-scale";
import { line } from "d3-shape";
import { BOUNDS, renderFigure, renderXAxis, renderYAxis } from "./frame.ts";
import type { Scale } from "./frame.ts";
import { escapeText, px, seriesClass } from "./markup.ts";

export type LineSeries = { name: string; points: readonly { x: number; y: number }[] };

export type LinePlot = {
  caption: string;
  xLabel: string;
  yLabel: string;
  series: readonly LineSeries[];
  /** Both axes from 0 to 1, as ROC has them; else they fit the data. */
  unit?: boolean;
  /** Both axes logarithmic, over the same range; points at or below 0 are left out. */
  log?: boolean;
  /** x counts something (epochs): no ticks in between. */
  whole?: boolean;
  /** A reference line, such as the ROC of guessing. */
  reference?: readonly { x: number; y: number }[];
};

/** Up to so many points are marked one by one, with their values as tooltips. */
const MOST_MARKS = 40;
/** Nearer points cannot be told apart, px; a ROC of 100,000 examples would weigh megabytes. */
const NEARER = 1;
/** A logarithmic axis ends at a power of this, as d3's does by default. */
const BASE = 10;

export function renderLinePlot(plot: LinePlot): string {
  const { x, y } = createScales(plot);
  const path = line<{ x: number; y: number }>(
    (point) => x(point.x),
    (point) => y(point.y),
  ).digits(1);
  const lines = plot.series.map(({ name, points: given }, index) => {
    const points = given.filter((point) => !plot.log || Math.min(point.x, point.y) > 0);
    const marks = points.length > MOST_MARKS ? [] : points;
    const dots = marks.map(
      (point) =>
        `<circle class="${seriesClass(index)}" cx="${px(x(point.x))}" cy="${px(y(point.y))}" r="3"><title>${escapeText(name)}: ${format(point.x)}, ${format(point.y)}</title></circle>`,
    );
    return `<path class="line ${seriesClass(index)}" d="${path(thin(points, x, y)) ?? ""}"/>${dots.join("")}`;
  });
  const ends = plot.log ? x.domain().map((end) => ({ x: end, y: end })) : plot.reference;
  const reference = plot.reference ? `<path class="reference" d="${path(ends ?? []) ?? ""}"/>` : "";
  return renderFigure(
    plot.caption,
    `${renderYAxis(y, plot.yLabel)}${renderXAxis(x, plot.xLabel, plot.whole)}${reference}${lines.join("\n")}`,
    plot.series.map((series) => series.name),
  );
}

function createScales(plot: LinePlot): { x: Scale; y: Scale } {
  const across = [BOUNDS.left, BOUNDS.right];
  const up = [BOUNDS.bottom, BOUNDS.top];
  const all = plot.series.flatMap((series) => series.points);
  if (plot.log) {
    const shared = decadesOf(all.flatMap((point) => [point.x, point.y]));
    return { x: scaleLog(shared, across), y: scaleLog(shared, up) };
  }
  if (plot.unit) return { x: scaleLinear([0, 1], across), y: scaleLinear([0, 1], up) };
  const x = scaleLinear(extentOf(all.map((point) => point.x)), across);
  return { x, y: scaleLinear(extentOf(all.map((point) => point.y)), up).nice() };
}

/** Whole powers around the values. */
function decadesOf(values: readonly number[]): [number, number] {
  const exponents = values.filter((value) => value > 0).map((value) => Math.log10(value));
  const low = Math.floor(Math.min(...exponents, 0));
  return [BASE ** low, BASE ** Math.ceil(Math.max(...exponents, low + 1))];
}

function extentOf(values: readonly number[]): [number, number] {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

/** What can be seen of a curve: the first and the last point always. */
function thin(points: LineSeries["points"], x: Scale, y: Scale): LineSeries["points"] {
  let [atX, atY] = [-Infinity, -Infinity];
  return points.filter((point, index) => {
    const moved = Math.abs(x(point.x) - atX) + Math.abs(y(point.y) - atY);
    if (moved < NEARER && index < points.length - 1) return false;
    [atX, atY] = [x(point.x), y(point.y)];
    return true;
  });
}

function format(value: number): string {
  return value.toPrecision(4).replace(/\.?0+$/, "");
}
