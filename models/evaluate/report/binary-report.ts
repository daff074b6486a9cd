// The report of binary classifiers on the same examples; one section for each question that they answer.
import type { BinaryEvaluation } from "../binary/evaluate-binary.ts";
import type { CrossValidation } from "../binary/cross-validate.ts";
import { renderLinePlot } from "./line-plot.ts";
import type { LinePlot, LineSeries } from "./line-plot.ts";
import { renderGrid, renderPage, renderTable } from "./page.ts";
import type { Section, Table } from "./page.ts";
import { renderRankingPlot } from "./ranking-plot.ts";

export type NamedValidation = { name: string; validation: CrossValidation };

export type BinaryQuestion = {
  title: string;
  note: string;
  table: Table;
  /** In the order of the table, best first. */
  models: readonly NamedValidation[];
};

export type BinaryReport = {
  title: string;
  facts: readonly (readonly [string, string])[];
  questions: readonly BinaryQuestion[];
  /** Loss by epoch. */
  losses?: readonly LineSeries[];
};

/** Below this share of positives nearly all of a reliability diagram would lie in its corner: its axes are logarithmic. */
const RARE = 0.05;

export function renderBinaryReport(report: BinaryReport): string {
  const sections = [
    ...report.questions.map(showQuestion),
    ...(report.losses?.length ? [showLosses(report.losses)] : []),
  ];
  return renderPage({ title: report.title, facts: report.facts, sections });
}

function showQuestion({ title, note, table, models }: BinaryQuestion): Section {
  const plots = [...drawCurves(models), drawReliability(models), ...drawSpreads(models)];
  return {
    title,
    note: `${note} Curves are of the answers of all folds; dashed: guessing, and in reliability perfect calibration. Bars are means over the folds with their standard deviation.`,
    body: `${renderTable(table)}${renderGrid(plots)}`,
  };
}

const DIAGONAL = [
  { x: 0, y: 0 },
  { x: 1, y: 1 },
];

function drawCurves(models: readonly NamedValidation[]): string[] {
  const plot = (
    labels: Pick<LinePlot, "caption" | "xLabel" | "yLabel" | "reference">,
    read: (evaluation: BinaryEvaluation) => LineSeries["points"],
  ): string => {
    const series = models.map(({ name, validation }) => ({
      name,
      points: read(validation.pooled),
    }));
    return renderLinePlot({ ...labels, unit: true, series });
  };
  const y = models[0]?.validation.pooled.baseRate ?? 0;
  return [
    plot(
      {
        caption: "ROC",
        xLabel: "false positive rate",
        yLabel: "true positive rate",
        reference: DIAGONAL,
      },
      ({ roc }) => roc,
    ),
    plot(
      {
        caption: "Precision and recall",
        xLabel: "recall",
        yLabel: "precision",
        reference: DIAGONAL.map(({ x }) => ({ x, y })),
      },
      ({ precisionRecall }) => precisionRecall,
    ),
  ];
}

function drawReliability(models: readonly NamedValidation[]): string {
  const series = models.map(({ name, validation }) => ({
    name,
    points: validation.pooled.reliability.map((bin) => ({ x: bin.predicted, y: bin.observed })),
  }));
  const rare = models.every(({ validation }) => validation.pooled.baseRate < RARE);
  return renderLinePlot({
    caption: "Reliability",
    xLabel: "predicted probability",
    yLabel: "observed share",
    reference: DIAGONAL,
    ...(rare ? { log: true } : { unit: true }),
    series,
  });
}

function drawSpreads(models: readonly NamedValidation[]): string[] {
  const plot = (figure: "auc" | "averagePrecision" | "logLoss", caption: string, unit: string) =>
    renderRankingPlot({
      caption,
      unit,
      entries: models.map(({ name, validation }) => {
        const { mean, deviation } = validation[figure];
        return { name, value: mean, interval: { low: mean - deviation, high: mean + deviation } };
      }),
    });
  return [
    plot("auc", "AUC", "0.5 is guessing"),
    plot("averagePrecision", "Average precision", "the base rate is guessing"),
    plot("logLoss", "Log loss", "nats, lower is better"),
  ];
}

function showLosses(series: readonly LineSeries[]): Section {
  const plot = { caption: "Loss", xLabel: "epoch", yLabel: "nats", whole: true, series };
  return { title: "Training", body: renderGrid([renderLinePlot(plot)]) };
}
