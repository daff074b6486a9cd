// Models beside each other on one metric: lying bars, so that their names have room, with intervals.
import { scaleBand, scaleLinear } from "d3-scale";
import type { Interval } from "../bootstrap.ts";
import { BOUNDS, HEIGHT, renderFigure, WIDTH } from "./frame.ts";
import { escapeText, px, seriesClass } from "./markup.ts";

export type RankingPlot = {
  caption: string;
  unit: string;
  entries: readonly { name: string; value: number; interval: Interval }[];
};

/** Room for names on the left and for figures on the right, px. */
const NAMES = 130;
const FIGURES = 56;
const TICKS = 5;
/** Half the height of a whisker's end, px. */
const CAP = 4;

export function renderRankingPlot({ caption, unit, entries }: RankingPlot): string {
  const top = Math.max(...entries.map((entry) => entry.interval.high), 1e-9);
  const x = scaleLinear([0, top], [NAMES, WIDTH - FIGURES]);
  const y = scaleBand(
    entries.map((entry) => entry.name),
    [BOUNDS.top, BOUNDS.bottom],
  ).padding(0.28);
  const format = x.tickFormat(TICKS);
  const grid = x.ticks(TICKS).map((tick) => {
    const at = px(x(tick));
    return `<line class="grid" x1="${at}" x2="${at}" y1="${BOUNDS.top}" y2="${BOUNDS.bottom}"/><text x="${at}" y="${BOUNDS.bottom + 18}" text-anchor="middle">${format(tick)}</text>`;
  });
  const bars = entries.map(({ name, value, interval }, index) => {
    const upper = y(name) ?? 0;
    const middle = upper + y.bandwidth() / 2;
    const [low, high] = [x(interval.low), x(interval.high)];
    return `<g><title>${escapeText(name)}: ${write(value)} (${write(interval.low)} to ${write(interval.high)})</title>
<text class="label" x="${NAMES - 8}" y="${px(middle)}" dy="0.32em" text-anchor="end">${escapeText(name)}</text>
<rect class="bar ${seriesClass(index)}" x="${NAMES}" y="${px(upper)}" width="${px(x(value) - NAMES)}" height="${px(y.bandwidth())}" rx="2"/>
<path class="whisker" d="M${px(low)} ${px(middle)}H${px(high)}M${px(low)} ${px(middle - CAP)}v${2 * CAP}M${px(high)} ${px(middle - CAP)}v${2 * CAP}"/>
<text class="label" x="${px(high + 8)}" y="${px(middle)}" dy="0.32em">${write(value)}</text></g>`;
  });
  const label = `<text class="label" x="${px((NAMES + WIDTH - FIGURES) / 2)}" y="${HEIGHT - 6}" text-anchor="middle">${escapeText(unit)}</text>`;
  return renderFigure(caption, `${grid.join("\n")}${bars.join("\n")}${label}`);
}

/** Two decimals, more for what is small. */
function write(value: number): string {
  return Math.abs(value) < 1 ? value.toPrecision(3) : value.toFixed(2);
}
