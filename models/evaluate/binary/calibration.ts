// Does "30%" mean 30%? Log loss, Brier score, and reliability by bins (Guo et al., ICML 2017).

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
    .map(({ examples, predicted, observed }, place) => ({
      from: place / bins,
      to: (place + 1) / bins,
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
