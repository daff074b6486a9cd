// Cross-validation of a binary classifier: every fold's model is judged by examples that it never saw.
import type { Fold } from "../folds.ts";
import { evaluateBinary } from "./evaluate-binary.ts";
import type { BinaryEvaluation } from "./evaluate-binary.ts";

/** Learns from the examples of these indices and answers with a function from indices to probabilities. */
export type FitBinary = (
  train: readonly number[],
  fold: number,
) => Promise<(examples: readonly number[]) => Promise<ArrayLike<number>>>;

export type CrossValidation = {
  folds: BinaryEvaluation[];
  /** Over the held-out answers of all folds together, each by the model that did not see the example. */
  pooled: BinaryEvaluation;
  /** Mean and standard deviation over the folds. */
  auc: { mean: number; deviation: number };
  logLoss: { mean: number; deviation: number };
};

/** @param labels 1 or 0; shape [examples]. Throws where a fold's test part holds one class alone. */
export async function crossValidate(
  labels: ArrayLike<number>,
  folds: readonly Fold[],
  fit: FitBinary,
): Promise<CrossValidation> {
  const evaluations: BinaryEvaluation[] = [];
  const [pooledLabels, pooledAnswers]: [number[], number[]] = [[], []];
  for (const [place, { train, test }] of folds.entries()) {
    const predict = await fit(train, place);
    const answers = Array.from(await predict(test));
    const truth = test.map((example) => labels[example] ?? 0);
    evaluations.push(evaluateBinary(truth, answers));
    for (const label of truth) pooledLabels.push(label);
    for (const answer of answers) pooledAnswers.push(answer);
  }
  return {
    folds: evaluations,
    pooled: evaluateBinary(pooledLabels, pooledAnswers),
    auc: describeSpread(evaluations.map((evaluation) => evaluation.auc)),
    logLoss: describeSpread(evaluations.map((evaluation) => evaluation.logLoss)),
  };
}

/** The sample's standard deviation; NaN for a single value. */
function describeSpread(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}
