// Platt scaling (Platt, 1999): a logistic curve over one score, so that any score can be judged as a probability.
// It leaves the order of the examples as it is.

export type PlattScaling = { slope: number; offset: number };

/** Newton's method squares its error in each step: about ten are enough, and more do no harm. */
const MAX_STEPS = 50;
const DONE = 1e-9;
/** A step goes no further: far from the goal Newton's method overshoots. */
const LONGEST_STEP = 2;
/** Keeps the curve finite where one score parts the labels without error. */
const RIDGE = 1e-3;

/**
 * The most likely curve, by Newton's method. The score is normalised while fitting.
 *
 * @param labels 1 or 0; shape [examples]
 * @param scores shape [examples]
 */
export function fitPlatt(labels: ArrayLike<number>, scores: ArrayLike<number>): PlattScaling {
  const count = labels.length;
  const { mean, deviation } = measure(scores);
  let [slope, offset] = [0, logit((sumOf(labels) + 1) / (count + 2))];
  for (let step = 0; step < MAX_STEPS; step++) {
    let [gradSlope, gradOffset] = [-RIDGE * slope, 0];
    let [slopeSlope, slopeOffset, offsetOffset] = [RIDGE, 0, 0];
    for (let example = 0; example < count; example++) {
      const x = ((scores[example] ?? 0) - mean) / deviation;
      const p = 1 / (1 + Math.exp(-(slope * x + offset)));
      const error = (labels[example] ?? 0) - p;
      const weight = p * (1 - p);
      gradSlope += error * x;
      gradOffset += error;
      slopeSlope += weight * x * x;
      slopeOffset += weight * x;
      offsetOffset += weight;
    }
    const determinant = slopeSlope * offsetOffset - slopeOffset * slopeOffset;
    if (!(determinant > 0)) break;
    const bySlope = (gradSlope * offsetOffset - gradOffset * slopeOffset) / determinant;
    const byOffset = (gradOffset * slopeSlope - gradSlope * slopeOffset) / determinant;
    const length = Math.abs(bySlope) + Math.abs(byOffset);
    const shortened = Math.min(1, LONGEST_STEP / length);
    slope += bySlope * shortened;
    offset += byOffset * shortened;
    if (length < DONE) break;
  }
  return { slope: slope / deviation, offset: offset - (slope * mean) / deviation };
}

export function scaleByPlatt({ slope, offset }: PlattScaling, score: number): number {
  return 1 / (1 + Math.exp(-(slope * score + offset)));
}

function logit(p: number): number {
  return Math.log(p / (1 - p));
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index] ?? 0;
  return sum;
}

/** A score that never changes is divided by 1. */
function measure(values: ArrayLike<number>): { mean: number; deviation: number } {
  const mean = sumOf(values) / values.length;
  let squares = 0;
  for (let index = 0; index < values.length; index++) squares += ((values[index] ?? 0) - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / values.length) || 1 };
}
