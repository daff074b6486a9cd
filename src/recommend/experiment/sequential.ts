// Tests that may be looked at every day and stopped whenever somebody likes: their errors hold over all looks together.
import { logGamma } from "../../../durable/state/arithmetic.ts";

/** Sums over the shoppers of one variant. */
export type Sample = { n: number; sum: number; squares: number };

export type Difference = {
  /** Mean of the other minus mean of the control. */
  estimate: number;
  low: number;
  high: number;
  /** Always-valid p-value of "there is no difference". */
  p: number;
};

/** Shoppers of a variant below which the normal approximation is not trusted and nothing is concluded. */
const FEWEST = 100;

/** A mean, or a difference of two, with the variance of that estimate and the shoppers that it rests on. */
type Estimate = { estimate: number; variance: number; n: number };

/**
 * Difference of two means; null where it is too early to say.
 *
 * @param planned shoppers in both variants where the interval is to be tightest
 */
export function compareMeans(
  control: Sample,
  other: Sample,
  alpha: number,
  planned: number,
): Difference | null {
  if (control.n < FEWEST || other.n < FEWEST) return null;
  const estimate = other.sum / other.n - control.sum / control.n;
  const variance = varianceOfMean(control) + varianceOfMean(other);
  return coverAtAllTimes({ estimate, variance, n: control.n + other.n }, alpha, planned);
}

/** Mean of one sample, held to 0. */
export function coverMean(sample: Sample, alpha: number, planned: number): Difference | null {
  if (sample.n < FEWEST) return null;
  const { n, sum } = sample;
  return coverAtAllTimes(
    { estimate: sum / n, variance: varianceOfMean(sample), n },
    alpha,
    planned,
  );
}

/**
 * A confidence sequence: the interval covers the truth at all times at once with probability 1 - alpha, so peeking does
 * no harm. The normal mixture of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and
 * asymptotic confidence sequences" (Annals of Statistics, 2024); its p-value is that of the mixture sequential
 * probability ratio test of Johari, Koomen, Pekelis and Walsh, "Peeking at A/B tests" (KDD 2017).
 */
function coverAtAllTimes(
  { estimate, variance, n }: Estimate,
  alpha: number,
  planned: number,
): Difference | null {
  if (variance === 0) return null;
  const spread = n * tightness(alpha, planned);
  const ratio = (spread + 1) / spread;
  const logs = 0.5 * Math.log(spread + 1) - Math.log(alpha);
  const radius = Math.sqrt(2 * variance * ratio * logs);
  const evidence = (estimate * estimate) / (2 * variance * ratio);
  const p = Math.min(1, Math.exp(0.5 * Math.log(spread + 1) - evidence));
  return { estimate, low: estimate - radius, high: estimate + radius, p };
}

/** rho squared of the paper: the mixture's variance for which the interval is tightest at `planned`. */
function tightness(alpha: number, planned: number): number {
  const log = -2 * Math.log(alpha);
  return (log + Math.log(log + 1)) / planned;
}

function varianceOfMean({ n, sum, squares }: Sample): number {
  const mean = sum / n;
  return Math.max(0, (squares - n * mean * mean) / (n - 1)) / n;
}

/** How strongly a multinomial prior believes in the shares that were planned; in imagined observations a share. */
const BELIEF = 100;

/**
 * Always-valid p-value of "these counts were drawn with these shares": the Dirichlet-multinomial martingale of Lindon
 * and Malek, "Anytime-valid inference for multinomial count data" (NeurIPS 2022). For sample ratios, and for wins.
 *
 * @param shares of the whole, each above 0; the sum is 1
 */
export function testShares(counts: readonly number[], shares: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const strength = BELIEF * shares.length;
  let log = logGamma(strength) - logGamma(strength + total);
  counts.forEach((count, i) => {
    const share = shares[i] ?? 0;
    log += logGamma(strength * share + count) - logGamma(strength * share);
    log -= count * Math.log(share);
  });
  return Math.min(1, Math.exp(-log));
}
