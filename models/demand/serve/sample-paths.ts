// Days that belong together: a sum is drawn from its quantiles, then shared out over the days by weekday and burst. So
// the paths' sums have the quantiles that were calibrated, and every shorter stretch agrees with them.
import { Random } from "../../graph/random.ts";
import { QUANTILES } from "../config.ts";

/** @param profile expected share of each day, any scale @param size small is bursty; see `dispersionOf` */
export function samplePaths(
  quantiles: readonly number[],
  profile: readonly number[],
  size: number,
  count: number,
  random: Random,
): Int32Array[] {
  return Array.from({ length: count }, (_, path) => {
    // Stratified, so that few paths already have the right quantiles.
    const sum = Math.round(invert(quantiles, (path + random.uniform()) / count));
    return shareOut(sum, profile, size, random);
  });
}

/** The value of which the given share lies below; straight lines between quantiles, from 0 and to the last one. */
function invert(quantiles: readonly number[], share: number): number {
  let [below, from] = [0, 0];
  for (const [at, quantile] of QUANTILES.entries()) {
    const value = quantiles[at] ?? from;
    if (share <= quantile) return from + ((share - below) / (quantile - below)) * (value - from);
    [below, from] = [quantile, value];
  }
  return from;
}

function shareOut(
  sum: number,
  profile: readonly number[],
  size: number,
  random: Random,
): Int32Array {
  const days = new Int32Array(profile.length);
  let running = 0;
  const ends = profile.map((expected) => {
    running += expected > 0 ? expected * drawGamma(size, random) : 0;
    return running;
  });
  for (let piece = 0; piece < sum; piece++) {
    const at = random.uniform() * running;
    const found = ends.findIndex((end) => at < end);
    const day = found < 0 ? profile.length - 1 : found;
    days[day] = (days[day] ?? 0) + 1;
  }
  return days;
}

/** Marsaglia and Tsang (ACM TOMS, 2000); a shape below 1 is raised by 1 and taken back. */
function drawGamma(shape: number, random: Random): number {
  if (shape < 1) return drawGamma(shape + 1, random) * (1 - random.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
      return d * v;
    }
  }
}
