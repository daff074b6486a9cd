// All figures and curves of one binary classifier.
import {
  binByForeseen,
  binReliability,
  brierScore,
  calibrationError,
  logLoss,
} from "./calibration.ts";
import type { ReliabilityBin } from "./calibration.ts";
import { areaByGains, areaUnder, precisionRecallPoints, rocPoints, thinCurve } from "./curves.ts";
import type { Point } from "./curves.ts";
import { sortByLabel } from "./sorted-scores.ts";

/** The figures that are one number. */
export type BinaryFigure = "auc" | "averagePrecision" | "logLoss" | "brier" | "ece";

export type BinaryEvaluation = Record<BinaryFigure, number> & {
  examples: number;
  /** Share of positives, 0..1: the average precision of guessing. */
  baseRate: number;
  /** Thinned to what a plot can show; the areas are of all points. */
  roc: Point[];
  precisionRecall: Point[];
  /** Bins in which equally many positives are foreseen. `ece` is over 10 bins of equal width, as the field has it. */
  reliability: ReliabilityBin[];
};

/** A thousandth of an axis is less than a pixel. */
const FINEST = 1e-3;

/**
 * @param labels 1 or 0; shape [examples]
 * @param probabilities 0..1; shape [examples]
 * Throws where there is only one class: neither curve exists then.
 */
export function evaluateBinary(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
): BinaryEvaluation {
  const scores = sortByLabel(labels, probabilities);
  const positives = scores.positives.length;
  if (positives === 0 || positives === labels.length) {
    throw new Error(
      `${positives} of ${labels.length} examples are positive: both classes are needed`,
    );
  }
  return {
    examples: labels.length,
    baseRate: positives / labels.length,
    auc: areaUnder(rocPoints(scores)),
    averagePrecision: areaByGains(precisionRecallPoints(scores)),
    logLoss: logLoss(labels, probabilities),
    brier: brierScore(labels, probabilities),
    ece: calibrationError(binReliability(labels, probabilities)),
    roc: thinCurve(rocPoints(scores), FINEST),
    precisionRecall: thinCurve(precisionRecallPoints(scores), FINEST),
    reliability: binByForeseen(scores),
  };
}
