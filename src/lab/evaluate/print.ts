// The outcome of an evaluation as text for people and as one JSON line for programs.
import { METRICS } from "../../../models/evaluate/metrics.ts";
import type { Summary } from "../../../models/evaluate/summary.ts";
import { alignTable } from "../align-table.ts";
import type { Outcome } from "./tournament.ts";
import { rankSummaries } from "./tournament.ts";

/** Best model first; HR@20 and MRR@20 with the half-width of their 95% intervals. */
export function printTable({ summaries, trainSeconds }: Outcome): string {
  const head = [
    "model",
    ...METRICS.map(({ name }) => name.toUpperCase()),
    "coverage",
    "pop. bias",
    "train s",
    "ms/query",
  ];
  const rows = rankSummaries(summaries).map((summary) =>
    describeSummary(summary, trainSeconds.get(summary.name) ?? 0),
  );
  return alignTable([head, ...rows]);
}

function describeSummary(summary: Summary, trainSeconds: number): string[] {
  const { exposure, msPerExample } = summary;
  return [
    summary.name,
    ...METRICS.map(({ name }) => formatFigure(summary, name)),
    exposure.coverage.toFixed(1),
    exposure.popularityBias.toFixed(2),
    trainSeconds.toFixed(1),
    msPerExample.toFixed(2),
  ];
}

function formatFigure(summary: Summary, metric: string): string {
  const figure = summary.figures.get(metric);
  if (figure === undefined) return "";
  const value = figure.value.toFixed(2);
  if (!metric.endsWith("@20")) return value;
  return `${value} ±${((figure.interval.high - figure.interval.low) / 2).toFixed(2)}`;
}

/** HR@20 / MRR@20 by novelty of the answer and length of the context. */
export function printSlices({ summaries }: Outcome): string {
  const labels = summaries[0]?.slices.hr.map(({ label }) => label) ?? [];
  const rows = rankSummaries(summaries).map(describeSlices);
  return alignTable([["HR@20 / MRR@20 by answer and clicks so far", ...labels], ...rows]);
}

function describeSlices({ name, slices }: Summary): string[] {
  const cells = slices.hr.map(
    (slice, index) => `${slice.value.toFixed(1)} / ${slices.mrr[index]?.value.toFixed(1) ?? ""}`,
  );
  return [name, ...cells];
}

/** Percent throughout; `intervals` hold 95% of the bootstrap. */
export function toJson({ summaries, trainSeconds }: Outcome): string {
  const results = summaries.map((summary) => ({
    model: summary.name,
    ...Object.fromEntries(
      [...summary.figures].map(([metric, { value }]) => [metric, round(value)]),
    ),
    "coverage@20": round(summary.exposure.coverage),
    "popularity_bias@20": round(summary.exposure.popularityBias),
    slices: Object.fromEntries(
      summary.slices.hr.map(({ label, examples, value }, index) => [
        label,
        {
          examples,
          "hr@20": round(value),
          "mrr@20": round(summary.slices.mrr[index]?.value ?? 0),
        },
      ]),
    ),
    train_s: round(trainSeconds.get(summary.name) ?? 0),
    ms_per_query: round(summary.msPerExample),
    intervals: Object.fromEntries(
      [...summary.figures].map(([metric, { interval }]) => [
        metric,
        [round(interval.low), round(interval.high)],
      ]),
    ),
  }));
  return JSON.stringify({ results });
}

/** Examples are tens of thousands: the third decimal is noise. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
