// The report of an evaluation on the next-item task.
import type { Comparison } from "../compare.ts";
import { METRICS } from "../metrics.ts";
import type { Summary } from "../summary.ts";
import { renderBarPlot } from "./bar-plot.ts";
import { renderLinePlot } from "./line-plot.ts";
import { renderGrid, renderPage, renderTable } from "./page.ts";
import type { Section, Table } from "./page.ts";
import { renderRankingPlot } from "./ranking-plot.ts";

/** Training as it went, one entry an epoch; HR@20 and MRR@20 on held-back sessions, in percent. */
export type LearningCurve = {
  name: string;
  epochs: readonly {
    epoch: number;
    loss: number;
    /** Null where the epoch was not judged. */
    quality: { hr20: number; mrr20: number } | null;
  }[];
};

/** The model that leads against another, on the same examples. */
export type ComparisonRow = {
  first: string;
  second: string;
  metric: string;
  comparison: Comparison;
};

export type NextItemReport = {
  title: string;
  facts: readonly (readonly [string, string])[];
  /** How the figures came about, where it was not by ranking all items of train. */
  note?: string;
  /** Best model first. */
  summaries: readonly Summary[];
  /** Seconds of training by model name. */
  trainSeconds: ReadonlyMap<string, number>;
  comparisons: readonly ComparisonRow[];
  curves: readonly LearningCurve[];
};

export function renderNextItemReport(report: NextItemReport): string {
  const sections = [
    describeResults(report),
    compareModels(report.summaries),
    compareSlices(report.summaries),
    ...(report.curves.length > 0 ? [showTraining(report.curves)] : []),
    ...(report.comparisons.length > 0 ? [showComparisons(report.comparisons)] : []),
  ];
  return renderPage({ title: report.title, facts: report.facts, sections });
}

const FULL_RANKING =
  "Percent. Every target is ranked among all items of train; ties count against the model. Coverage: share of the catalogue in any top 20. Popularity bias: clicks of the items shown over clicks of the items chosen.";

function describeResults({
  summaries,
  trainSeconds,
  note = FULL_RANKING,
}: NextItemReport): Section {
  const table: Table = {
    head: [
      "model",
      ...METRICS.map((metric) => metric.name.toUpperCase()),
      "coverage",
      "pop. bias",
      "train s",
      "ms/query",
    ],
    rows: summaries.map((summary) => [
      summary.name,
      ...METRICS.map(({ name }) => summary.figures.get(name)?.value.toFixed(2) ?? ""),
      `${summary.exposure.coverage.toFixed(1)}%`,
      summary.exposure.popularityBias.toFixed(2),
      trainSeconds.get(summary.name)?.toFixed(1) ?? "",
      summary.msPerExample.toFixed(2),
    ]),
    highlight: 0,
  };
  return {
    title: "Results",
    note,
    body: renderTable(table),
  };
}

function compareModels(summaries: readonly Summary[]): Section {
  const plots = ["hr@20", "mrr@20", "ndcg@10"].map((metric) =>
    renderRankingPlot({
      caption: metric.toUpperCase(),
      unit: "percent",
      entries: summaries.flatMap(({ name, figures }) => {
        const figure = figures.get(metric);
        return figure === undefined ? [] : { name, ...figure };
      }),
    }),
  );
  return {
    title: "Comparison",
    note: "With 95% intervals by bootstrap over sessions.",
    body: renderGrid(plots),
  };
}

function compareSlices(summaries: readonly Summary[]): Section {
  const plots = (["hr", "mrr"] as const).map((kind) => {
    const labels = summaries[0]?.slices[kind].map((slice) => slice.label) ?? [];
    return renderBarPlot({
      caption: `${kind.toUpperCase()}@20 by novelty of the answer and length of the context`,
      xLabel: "answer, clicks so far",
      yLabel: "percent",
      categories: labels,
      series: summaries.map((summary) => ({
        name: summary.name,
        bars: labels.map(
          (label) => summary.slices[kind].find((slice) => slice.label === label) ?? null,
        ),
      })),
    });
  });
  const sizes = summaries[0]?.slices.hr.map(
    ({ label, examples }) => `${label}: ${examples.toLocaleString("en")}`,
  );
  return {
    title: "Slices",
    note: `Examples by what the answer is to the session, and by clicks so far: ${sizes?.join(", ") ?? "none"}.`,
    body: renderGrid(plots),
  };
}

function showTraining(curves: readonly LearningCurve[]): Section {
  type Epoch = LearningCurve["epochs"][number];
  const plot = (caption: string, yLabel: string, read: (epoch: Epoch) => number | undefined) =>
    renderLinePlot({
      caption,
      xLabel: "epoch",
      yLabel,
      whole: true,
      series: curves.map(({ name, epochs }) => ({
        name,
        points: epochs.flatMap((report) => {
          const y = read(report);
          return y === undefined ? [] : { x: report.epoch, y };
        }),
      })),
    });
  return {
    title: "Training",
    note: "Metrics on sessions held back from train.",
    body: renderGrid([
      plot("Loss", "nats", ({ loss }) => loss),
      plot("HR@20", "percent", ({ quality }) => quality?.hr20),
      plot("MRR@20", "percent", ({ quality }) => quality?.mrr20),
    ]),
  };
}

function showComparisons(rows: readonly ComparisonRow[]): Section {
  return {
    title: "Is it luck?",
    note: "Difference of the first model to the second on the same examples, percentage points; p is two-sided, by bootstrap.",
    body: renderTable({
      head: ["first", "second", "metric", "difference", "95% interval", "p"],
      rows: rows.map(({ first, second, metric, comparison }) => [
        first,
        second,
        metric.toUpperCase(),
        comparison.difference.toFixed(2),
        `${comparison.interval.low.toFixed(2)} to ${comparison.interval.high.toFixed(2)}`,
        comparison.p < 0.01 ? "< 0.01" : comparison.p.toFixed(2),
      ]),
    }),
  };
}
