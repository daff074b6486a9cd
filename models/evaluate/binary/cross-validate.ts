// Cross-validation of a binary classifier: every fold's model is judged by examples that it never saw.
import { concatenate } from "./concatenate.ts";
import type { Fold } from "../folds.ts";
import { describeSpread } from "./spread.ts";
import type { Spread } from "./spread.ts";
import { evaluateBinary } from "./evaluate-binary.ts";
import type { BinaryEvaluation, BinaryFigure } from "./evaluate-binary.ts";

/** Learns from the examples of these indices and answers with a function from indices to probabilities. */
export type FitBinary = (
  train: readonly number[],
  fold: number,
) => Promise<(examples: readonly number[]) => Promise<ArrayLike<number>>>;

/** What one fold's model said of examples that it never saw; both of shape [examples]. */
export type FoldAnswers = { labels: ArrayLike<number>; probabilities: ArrayLike<number> };

/** Each figure over the folds. */
export type CrossValidation = Record<BinaryFigure, Spread> & {
  folds: BinaryEvaluation[];
  /** Over the answers of all folds together. */
  pooled: BinaryEvaluation;
};

/** @param labels 1 or 0; shape [examples]. Throws where a fold's test part holds one class alone. */
export async function crossValidate(
  labels: ArrayLike<number>,
  folds: readonly Fold[],
  fit: FitBinary,
): Promise<CrossValidation> {
  const answers: FoldAnswers[] = [];
  for (const [index, { train, test }] of folds.entries()) {
    const predict = await fit(train, index);
    const probabilities = await predict(test);
    answers.push({ labels: test.map((example) => labels[example] ?? 0), probabilities });
  }
  return judgeFolds(answers);
}

/** For models that were fitted elsewhere, such as one that answers several questions at once. Throws as above. */
export function judgeFolds(answers: readonly FoldAnswers[]): CrossValidation {
  const folds = answers.map(({ labels, probabilities }) => evaluateBinary(labels, probabilities));
  const pooled = evaluateBinary(
    concatenate(answers.map(({ labels }) => labels)),
    concatenate(answers.map(({ probabilities }) => probabilities)),
  );
  const spreadOf = (figure: BinaryFigure): Spread =>
    describeSpread(folds.map((one) => one[figure]));
  return {
    folds,
    pooled,
    auc: spreadOf("auc"),
    averagePrecision: spreadOf("averagePrecision"),
    logLoss: spreadOf("logLoss"),
    brier: spreadOf("brier"),
    ece: spreadOf("ece"),
  };
}
