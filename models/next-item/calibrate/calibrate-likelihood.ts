// Calibration, first step: the likelihood of what came next, as a function of the three numbers.
import type { Calibration } from "../network/serving-graph.ts";

/** Factors for the catalogue that are tried, in twentieths: whole numbers, so that all powers come of one exponential. */
const TWENTIETHS = [10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 22, 24, 27];
const CATALOGUE_FACTORS = TWENTIETHS.map((twentieths) => twentieths / 20);
const [FEWEST, MOST] = [Math.min(...TWENTIETHS), Math.max(...TWENTIETHS)];

/** All that the likelihood of one example depends on. */
export type Likelihood = {
  /** Raw score of the target, and log of the sum of e^(factor score) over items outside the session for each factor. */
  own: number;
  normalisers: readonly number[];
  /** Raw logits of the session's events, and of those that were the target. */
  pointers: readonly number[];
  hits: readonly number[];
};

/** The calibration that makes `examples`, at least one, the most likely; the search begins at `start`. */
export function fitLikelihood(examples: readonly Likelihood[], start: Calibration): Calibration {
  // Where one factor's search ended, the next one's has not far to go.
  let { pointerSlope, pointerShift } = start;
  const fits = CATALOGUE_FACTORS.map((catalogue, factor) => {
    const loss = (slope: number, shift: number) =>
      meanLoss(examples, catalogue, factor, slope, shift);
    const { x, y, value } = descend(loss, pointerSlope, pointerShift);
    [pointerSlope, pointerShift] = [x, y];
    return { value, calibration: { catalogue, pointerSlope, pointerShift } };
  });
  return fits.reduce((best, fit) => (fit.value < best.value ? fit : best)).calibration;
}

/** @param scores raw, of all items; `pointers`: raw logits of the events that hold `items` */
export function readLikelihood(
  scores: Float32Array,
  pointers: readonly number[],
  items: readonly number[],
  target: number,
): Likelihood {
  return {
    own: scores[target] ?? NaN,
    normalisers: logNormalisers(scores, items),
    pointers,
    hits: pointers.filter((_, event) => items[event] === target),
  };
}

/** Log of the sum of e^(factor score) over all items but `without`, for each of `CATALOGUE_FACTORS`. */
function logNormalisers(scores: Float32Array, without: readonly number[]): number[] {
  const others = scores.slice();
  for (const item of without) others[item] = -Infinity;
  let largest = -Infinity;
  for (let item = 0; item < others.length; item++) {
    largest = Math.max(largest, others[item] ?? NaN);
  }
  // By twentieths; a loop over all of them is faster than one that picks those that are tried.
  const totals = new Float64Array(MOST + 1);
  for (let item = 0; item < others.length; item++) {
    const below = ((others[item] ?? NaN) - largest) / 20;
    const twentieth = Math.exp(below);
    let power = Math.exp(FEWEST * below);
    for (let n = FEWEST; n <= MOST; n++) {
      totals[n] = (totals[n] ?? 0) + power;
      power *= twentieth;
    }
  }
  return TWENTIETHS.map((n) => (n / 20) * largest + Math.log(totals[n] ?? NaN));
}

/** Mean of -log p(target), in nats. */
function meanLoss(
  examples: readonly Likelihood[],
  catalogue: number,
  factor: number,
  slope: number,
  shift: number,
): number {
  let total = 0;
  for (const { own, normalisers, pointers, hits } of examples) {
    const all = Math.exp(normalisers[factor] ?? NaN) + massOf(pointers, slope, shift);
    const wanted = hits.length > 0 ? Math.log(massOf(hits, slope, shift)) : catalogue * own;
    total += Math.log(all) - wanted;
  }
  return total / examples.length;
}

/** Sum of e^(slope logit + shift). */
function massOf(logits: readonly number[], slope: number, shift: number): number {
  let mass = 0;
  for (const logit of logits) mass += Math.exp(slope * logit + shift);
  return mass;
}

/** Steps of the pattern search: from coarse to as fine as the figures mean anything. */
const FIRST_STEP = { x: 0.2, y: 1 };
const HALVINGS = 6;

/** Pattern search (Hooke and Jeeves, 1961) for a minimum of a smooth function of two numbers. */
function descend(
  f: (x: number, y: number) => number,
  x: number,
  y: number,
): { x: number; y: number; value: number } {
  let best = { x, y, value: f(x, y) };
  for (let halving = 0; halving <= HALVINGS; halving++) {
    const [dx, dy] = [FIRST_STEP.x / 2 ** halving, FIRST_STEP.y / 2 ** halving];
    for (let moved = true; moved;) {
      moved = false;
      for (const [a, b] of [
        [dx, 0],
        [-dx, 0],
        [0, dy],
        [0, -dy],
      ] as const) {
        const value = f(best.x + a, best.y + b);
        if (value >= best.value) continue;
        best = { x: best.x + a, y: best.y + b, value };
        moved = true;
      }
    }
  }
  return best;
}
