// The frame that all plots share: size, axes, grid, legend. Colours come from the page's style, so that
// one SVG is readable in the light and in the dark.
import type { ScaleBand, ScaleContinuousNumeric, ScaleLogarithmic } from "d3-scale";
import { escapeText, px, seriesClass } from "./markup.ts";

/** Linear or logarithmic. */
export type Scale = ScaleContinuousNumeric<number, number>;

export const WIDTH = 520;
export const HEIGHT = 300;
const MARGIN = { top: 16, right: 16, bottom: 44, left: 52 } as const;

/** Inner bounds of the plot, px. */
export const BOUNDS = {
  left: MARGIN.left,
  right: WIDTH - MARGIN.right,
  top: MARGIN.top,
  bottom: HEIGHT - MARGIN.bottom,
} as const;

const TICKS = 6;

export function renderYAxis(scale: Scale, label: string): string {
  const ticks = ticksOf(scale).map(({ tick, text }) => {
    const y = px(scale(tick));
    return `<line class="grid" x1="${BOUNDS.left}" x2="${BOUNDS.right}" y1="${y}" y2="${y}"/>
<text x="${BOUNDS.left - 8}" y="${y}" dy="0.32em" text-anchor="end">${text}</text>`;
  });
  const middle = (BOUNDS.top + BOUNDS.bottom) / 2;
  return `${ticks.join("\n")}
<text class="label" transform="translate(14 ${middle}) rotate(-90)" text-anchor="middle">${escapeText(label)}</text>`;
}

export function renderXAxis(scale: Scale, label: string, whole = false): string {
  const ticks = ticksOf(scale)
    .filter(({ tick }) => !whole || Number.isInteger(tick))
    .map(({ tick, text }) => {
      const [x, y] = [px(scale(tick)), BOUNDS.bottom + 18];
      return `<text x="${x}" y="${y}" text-anchor="middle">${whole ? tick : text}</text>`;
    });
  return `${ticks.join("\n")}${renderXLabel(label)}`;
}

/** Of a logarithmic scale the powers of its base, written out. */
function ticksOf(scale: Scale): { tick: number; text: string }[] {
  if (!isLogarithmic(scale)) {
    const format = scale.tickFormat(TICKS);
    return scale.ticks(TICKS).map((tick) => ({ tick, text: format(tick) }));
  }
  const base = Math.log(scale.base());
  return scale
    .ticks()
    .filter((tick) => Math.abs(Math.log(tick) / base - Math.round(Math.log(tick) / base)) < 1e-6)
    .map((tick) => ({ tick, text: String(Number(tick.toPrecision(3))) }));
}

function isLogarithmic(scale: Scale): scale is ScaleLogarithmic<number, number> {
  return "base" in scale;
}

export function renderBandAxis(scale: ScaleBand<string>, label: string): string {
  const ticks = scale.domain().map((name) => {
    const x = px((scale(name) ?? 0) + scale.bandwidth() / 2);
    return `<text x="${x}" y="${BOUNDS.bottom + 18}" text-anchor="middle">${escapeText(name)}</text>`;
  });
  return `${ticks.join("\n")}${renderXLabel(label)}`;
}

function renderXLabel(label: string): string {
  const middle = (BOUNDS.left + BOUNDS.right) / 2;
  return `<line class="axis" x1="${BOUNDS.left}" x2="${BOUNDS.right}" y1="${BOUNDS.bottom}" y2="${BOUNDS.bottom}"/>
<text class="label" x="${middle}" y="${HEIGHT - 6}" text-anchor="middle">${escapeText(label)}</text>`;
}

/** The plot as a figure with its caption, and a legend where there is more than one series. */
export function renderFigure(
  caption: string,
  body: string,
  series: readonly string[] = [],
): string {
  const legend = series
    .map((name, index) => `<li><i class="${seriesClass(index)}"></i>${escapeText(name)}</li>`)
    .join("");
  return `<figure>
<figcaption>${escapeText(caption)}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeText(caption)}">
${body}
</svg>
${series.length > 1 ? `<ul class="legend">${legend}</ul>` : ""}
</figure>`;
}
