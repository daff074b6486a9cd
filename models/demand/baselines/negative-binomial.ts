// Quantiles of a sum of negative binomial days, as those of one negative binomial of the same mean and variance.

/** Beyond this many pieces a step of the sum is no longer one piece. */
const FINE = 20_000;

/** Smallest count of which the probability to stay at or below reaches each of `quantiles`, which ascend. */
export function countQuantiles(
  mean: number,
  variance: number,
  quantiles: readonly number[],
): number[] {
  if (!(mean > 0)) return quantiles.map(() => 0);
  if (mean > FINE) {
    return countQuantiles(FINE, FINE + (variance * FINE ** 2) / mean ** 2, quantiles).map(
      (count) => (count * mean) / FINE,
    );
  }
  const size = mean ** 2 / Math.max(variance - mean, mean * 1e-6);
  const share = mean / (mean + size);
  let probability = Math.exp(-size * Math.log1p(mean / size));
  let below = probability;
  let count = 0;
  return quantiles.map((quantile) => {
    while (below < quantile && count < 100 * FINE) {
      probability *= ((count + size) / (count + 1)) * share;
      count++;
      below += probability;
      // Past the mean what is left is too small to add up.
      if (probability < 1e-14 && count > mean) break;
    }
    return count;
  });
}
