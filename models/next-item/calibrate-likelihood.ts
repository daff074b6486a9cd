// Calibration, first step: the likelihood of what came next, as a function of the three numbers.
import type { Calibration } from "./serving-graph.ts";

/** Factors for the catalogue that are tried; its normaliser costs a pass over all scores for each. */
const CATALOGUE_FACTORS = [
  0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 1, 1.1, 1.2, 1.35,
] as const;

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
  const fits = CATALOGUE_FACTORS.map((catalogue, factor) => {
    const loss = (slope: number, shift: number) =>
      meanLoss(examples, catalogue, factor, slope, shift);
    const { x, y, value } = descend(loss, start.pointerSlope, start.pointerShift);
    return { value, calibration: { catalogue, pointerSlope: x, pointerShift: y } };
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
  const others = scores.slice();
  for (const item of items) others[item] = -Infinity;
  const largest = others.reduce((max, score) => Math.max(max, score), -Infinity);
  return {
    own: scores[target] ?? NaN,
    normalisers: CATALOGUE_FACTORS.map((factor) => {
      let total = 0;
      for (const score of others) total += Math.exp(factor * (score - largest));
      return factor * largest + Math.log(total);
    }),
    pointers,
    hits: pointers.filter((_, event) => items[event] === target),
  };
}

/** Mean of -log p(target), in nats. */
function meanLoss(
  examples: readonly Likelihood[],
  catalogue: number,
  factor: number,
  slope: number,
  shift: number,
): number {
  const mass = (logits: readonly number[]) =>
    logits.reduce((sum, logit) => sum + Math.exp(slope * logit + shift), 0);
  let total = 0;
  for (const { own, normalisers, pointers, hits } of examples) {
    const all = Math.exp(normalisers[factor] ?? NaN) + mass(pointers);
    total += Math.log(all) - (hits.length > 0 ? Math.log(mass(hits)) : catalogue * own);
  }
  return total / examples.length;
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
