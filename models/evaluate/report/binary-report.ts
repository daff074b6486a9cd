// The report of a binary classifier, or of several on the same examples.
import type { BinaryEvaluation } from "../binary/evaluate-binary.ts";
import { renderBarPlot } from "./bar-plot.ts";
import { renderLinePlot } from "./line-plot.ts";
import type { LinePlot, LineSeries } from "./line-plot.ts";
import { renderGrid, renderPage, renderTable } from "./page.ts";
import type { Section } from "./page.ts";

export type NamedEvaluation = { name: string; evaluation: BinaryEvaluation };

export type BinaryReport = {
  title: string;
  facts: readonly (readonly [string, string])[];
  /** Best model first. */
  models: readonly NamedEvaluation[];
  /** AUC and log loss of each fold of a cross-validation, by model. */
  folds?: readonly { name: string; folds: readonly { auc: number; logLoss: number }[] }[];
  /** Loss by epoch. */
  losses?: readonly LineSeries[];
};

export function renderBinaryReport(report: BinaryReport): string {
  const sections = [
    showResults(report.models),
    showCurves(report.models),
    ...(report.folds?.length ? [showFolds(report.folds)] : []),
    ...(report.losses?.length ? [showLosses(report.losses)] : []),
  ];
  return renderPage({ title: report.title, facts: report.facts, sections });
}

function showResults(models: readonly NamedEvaluation[]): Section {
  return {
    title: "Results",
    body: renderTable({
      head: [
        "model",
        "AUC",
        "average precision",
        "base rate",
        "log loss",
        "Brier",
        "ECE",
        "examples",
      ],
      rows: models.map(({ name, evaluation }) => [
        name,
        evaluation.auc.toFixed(4),
        evaluation.averagePrecision.toFixed(4),
        evaluation.baseRate.toFixed(4),
        evaluation.logLoss.toFixed(4),
        evaluation.brier.toFixed(4),
        evaluation.ece.toFixed(4),
        evaluation.examples.toLocaleString("en"),
      ]),
      highlight: 0,
    }),
  };
}

function showCurves(models: readonly NamedEvaluation[]): Section {
  const plot = (
    labels: Pick<LinePlot, "caption" | "xLabel" | "yLabel" | "reference">,
    read: (evaluation: BinaryEvaluation) => LineSeries["points"],
  ): string =>
    renderLinePlot({
      ...labels,
      unit: true,
      series: models.map(({ name, evaluation }) => ({ name, points: read(evaluation) })),
    });
  const diagonal = [
    { x: 0, y: 0 },
    { x: 1, y: 1 },
  ];
  const baseRate = models[0]?.evaluation.baseRate ?? 0;
  return {
    title: "Curves",
    note: "Dashed: guessing in ROC and precision-recall, perfect calibration in reliability.",
    body: renderGrid([
      plot(
        {
          caption: "ROC",
          xLabel: "false positive rate",
          yLabel: "true positive rate",
          reference: diagonal,
        },
        (evaluation) => evaluation.roc,
      ),
      plot(
        {
          caption: "Precision and recall",
          xLabel: "recall",
          yLabel: "precision",
          reference: [
            { x: 0, y: baseRate },
            { x: 1, y: baseRate },
          ],
        },
        (evaluation) => evaluation.precisionRecall,
      ),
      plot(
        {
          caption: "Reliability",
          xLabel: "predicted probability",
          yLabel: "observed share",
          reference: diagonal,
        },
        (evaluation) =>
          evaluation.reliability.map((bin) => ({ x: bin.predicted, y: bin.observed })),
      ),
    ]),
  };
}

function showFolds(models: NonNullable<BinaryReport["folds"]>): Section {
  const longest = Math.max(...models.map(({ folds }) => folds.length));
  const categories = Array.from({ length: longest }, (_, fold) => `fold ${fold + 1}`);
  const plot = (key: "auc" | "logLoss", caption: string): string =>
    renderBarPlot({
      caption,
      xLabel: "",
      yLabel: caption,
      categories,
      series: models.map(({ name, folds }) => ({
        name,
        bars: folds.map((fold) => ({ value: fold[key] })),
      })),
    });
  return {
    title: "Cross-validation",
    body: renderGrid([plot("auc", "AUC"), plot("logLoss", "Log loss")]),
  };
}

function showLosses(series: readonly LineSeries[]): Section {
  const plot = { caption: "Loss", xLabel: "epoch", yLabel: "nats", whole: true, series };
  return { title: "Training", body: renderGrid([renderLinePlot(plot)]) };
}
