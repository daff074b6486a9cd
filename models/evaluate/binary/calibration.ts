// Does "30%" mean 30%? Log loss, Brier score, and reliability by bins (Guo et al., ICML 2017).
import { stepsDown } from "./sorted-scores.ts";
import type { SortedScores, Step } from "./sorted-scores.ts";

/** Probabilities are kept so far from 0 and 1, so that one sure error does not make the loss infinite. */
const CLIP = 1e-7;

/** Mean negative log likelihood in nats. @param probabilities 0..1; shape [examples] */
export function logLoss(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  let sum = 0;
  for (let example = 0; example < labels.length; example++) {
    const p = Math.min(1 - CLIP, Math.max(CLIP, probabilities[example] ?? Number.NaN));
    sum -= labels[example] === 1 ? Math.log(p) : Math.log1p(-p);
  }
  return sum / labels.length;
}

/** Mean squared error of the probabilities (Brier, 1950). */
export function brierScore(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  let sum = 0;
  for (let example = 0; example < labels.length; example++) {
    sum += ((probabilities[example] ?? Number.NaN) - (labels[example] ?? Number.NaN)) ** 2;
  }
  return sum / labels.length;
}

export type ReliabilityBin = {
  /** Bounds of the predicted probability. */
  from: number;
  to: number;
  examples: number;
  /** Mean of what was predicted, and share of what came true. */
  predicted: number;
  observed: number;
};

const BINS = 10;

/** Bins of equal width; empty ones are left out. */
export function binReliability(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  bins = BINS,
): ReliabilityBin[] {
  const sums = Array.from({ length: bins }, () => ({ examples: 0, predicted: 0, observed: 0 }));
  for (let example = 0; example < labels.length; example++) {
    const p = probabilities[example] ?? 0;
    const bin = sums[Math.max(0, Math.min(bins - 1, Math.floor(p * bins)))];
    if (bin === undefined) throw new Error(`the probability of example ${example} is ${p}`);
    bin.examples++;
    bin.predicted += p;
    bin.observed += labels[example] ?? 0;
  }
  return sums
    .map(({ examples, predicted, observed }, index) => ({
      from: index / bins,
      to: (index + 1) / bins,
      examples,
      predicted: predicted / examples,
      observed: observed / examples,
    }))
    .filter((bin) => bin.examples > 0);
}

/** ECE: the mean gap between predicted and observed, weighted by the size of the bins. */
export function calibrationError(bins: readonly ReliabilityBin[]): number {
  const examples = bins.reduce((sum, bin) => sum + bin.examples, 0);
  const gaps = bins.map((bin) => bin.examples * Math.abs(bin.predicted - bin.observed));
  return gaps.reduce((sum, gap) => sum + gap, 0) / examples;
}

/**
 * Bins in which equally many positives are foreseen, for the diagram of rare events: by equal width all but a few
 * examples would share one bin. Examples of equal probability stay together.
 */
export function binByForeseen(scores: SortedScores, bins = BINS): ReliabilityBin[] {
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  const size = (sum(scores.positives) + sum(scores.negatives)) / bins;
  const done: ReliabilityBin[] = [];
  let before = { positives: 0, negatives: 0 };
  let [to, foreseen, closed] = [0, 0, 0];
  const close = (step: Step): void => {
    const positives = step.positives - before.positives;
    const examples = positives + step.negatives - before.negatives;
    const [predicted, observed] = [(foreseen - closed) / examples, positives / examples];
    done.push({ from: step.score, to, examples, predicted, observed });
    [before, closed] = [step, foreseen];
  };
  let [last, open]: [Step | null, boolean] = [null, false];
  for (const step of stepsDown(scores)) {
    const since = last ?? { positives: 0, negatives: 0 };
    const examples = step.positives - since.positives + step.negatives - since.negatives;
    if (!open) to = step.score;
    foreseen += step.score * examples;
    [last, open] = [step, true];
    // Sums of floats end a little beside the whole: the last bin is closed by the end.
    if (done.length < bins - 1 && foreseen >= size * (done.length + 1)) {
      close(step);
      open = false;
    }
  }
  if (open && last !== null) close(last);
  return done.toReversed();
}
