// Quantiles of a sum of negative binomial days, as those of one negative binomial of the same mean and variance.
import { logGamma } from "../../../durable/state/arithmetic.ts";

/** Beyond this many pieces a step of the sum is no longer one piece. */
const FINE = 20_000;

/** Deviations below the mean where counting begins. */
const FAR = 12;

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
  // Of a large mean the chance of 0 is too small for a number: what lies this far below it does not add up.
  const deviation = Math.sqrt(Math.max(variance, mean));
  let count = Math.max(0, Math.floor(mean - FAR * deviation));
  let probability = Math.exp(logProbability(count, mean, size));
  let below = probability;
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

function logProbability(count: number, mean: number, size: number): number {
  const ways = logGamma(count + size) - logGamma(size) - logGamma(count + 1);
  return ways - size * Math.log1p(mean / size) - count * Math.log1p(size / mean);
}
