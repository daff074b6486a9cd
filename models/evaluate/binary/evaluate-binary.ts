// All figures and curves of one binary classifier.
import { binReliability, brierScore, calibrationError, logLoss } from "./calibration.ts";
import type { ReliabilityBin } from "./calibration.ts";
import { areaUnder, averagePrecision, precisionRecallCurve, rocCurve } from "./curves.ts";
import type { Point } from "./curves.ts";

export type BinaryEvaluation = {
  examples: number;
  /** Share of positives, 0..1: the average precision of guessing. */
  baseRate: number;
  auc: number;
  averagePrecision: number;
  logLoss: number;
  brier: number;
  /** Expected calibration error over 10 bins. */
  ece: number;
  roc: Point[];
  precisionRecall: Point[];
  reliability: ReliabilityBin[];
};

/**
 * @param labels 1 or 0; shape [examples]
 * @param probabilities 0..1; shape [examples]
 * Throws where there is only one class: neither curve exists then.
 */
export function evaluateBinary(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
): BinaryEvaluation {
  const positives = Array.from(labels).filter((label) => label === 1).length;
  if (positives === 0 || positives === labels.length) {
    throw new Error(
      `${positives} of ${labels.length} examples are positive: both classes are needed`,
    );
  }
  const roc = rocCurve(labels, probabilities);
  const reliability = binReliability(labels, probabilities);
  return {
    examples: labels.length,
    baseRate: positives / labels.length,
    auc: areaUnder(roc),
    averagePrecision: averagePrecision(labels, probabilities),
    logLoss: logLoss(labels, probabilities),
    brier: brierScore(labels, probabilities),
    ece: calibrationError(reliability),
    roc,
    precisionRecall: precisionRecallCurve(labels, probabilities),
    reliability,
  };
}
