// How sure of themselves catalogue and pointer should be, fitted after training by likelihood on held-back examples
// (temperature scaling: Guo et al., ICML 2017). Trained against sampled negatives, the catalogue's logits are too
// steep beside the pointer's; three numbers put that right without touching a weight.
import { encodeModel } from "../graph/onnx.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { outputRows, runContexts } from "./scorer.ts";
import { buildServingGraph } from "./serving-graph.ts";
import type { Calibration, Weights } from "./serving-graph.ts";
import type { Example } from "./validation.ts";

/** What held-back sessions of two unlike shops agreed on; used where nothing was held back. */
export const COMMON_CALIBRATION: Calibration = {
  catalogue: 0.72,
  pointerSlope: 0.53,
  pointerShift: 3.5,
};

export const NO_CALIBRATION: Calibration = { catalogue: 1, pointerSlope: 1, pointerShift: 0 };

/** Examples to fit three numbers to: more change the second digit no more. */
const EXAMPLES = 1500;
/** Factors for the catalogue that are tried; its normaliser costs a pass over all scores for each. */
const CATALOGUE_FACTORS = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 1] as const;
/** Contexts scored at a time. */
const PART = 64;

/** All that the likelihood of one example depends on. */
type Evidence = {
  /** Raw score of the target, and log of the sum of e^(factor score) over the catalogue for each factor. */
  own: number;
  normalisers: readonly number[];
  /** Raw logits of the session's events, and of those that were the target. */
  pointers: readonly number[];
  hits: readonly number[];
};

/** The most likely calibration. `examples` should want only items that training showed. */
export async function fitCalibration(
  weights: Weights,
  examples: readonly Example[],
  runtime: Runtime,
): Promise<Calibration> {
  const evidence = await gather(weights, examples.slice(0, EXAMPLES), runtime);
  if (evidence.length === 0) return COMMON_CALIBRATION;
  const fits = CATALOGUE_FACTORS.map((catalogue, factor) => {
    const loss = (slope: number, shift: number) =>
      meanLoss(evidence, catalogue, factor, slope, shift);
    const { pointerSlope, pointerShift } = COMMON_CALIBRATION;
    const { x, y, value } = descend(loss, pointerSlope, pointerShift);
    return { value, calibration: { catalogue, pointerSlope: x, pointerShift: y } };
  });
  return fits.reduce((best, fit) => (fit.value < best.value ? fit : best)).calibration;
}

async function gather(
  weights: Weights,
  examples: readonly Example[],
  runtime: Runtime,
): Promise<Evidence[]> {
  const raw = { ...weights, calibration: NO_CALIBRATION };
  const session = await runtime.load(encodeModel(buildServingGraph(raw, { catalogueOnly: true })));
  const { length } = weights.config;
  const evidence: Evidence[] = [];
  for (let from = 0; from < examples.length; from += PART) {
    const part = examples.slice(from, from + PART);
    const results = await runContexts(
      session,
      part.map(({ context }) => context),
      length,
    );
    const scores = outputRows(results, "scores", part.length);
    const pointers = outputRows(results, "pointer", part.length);
    for (const [i, { context, target }] of part.entries()) {
      const [row, logits] = [scores[i], pointers[i]];
      if (row && logits) evidence.push(weigh(row, logits, context.items.slice(-length), target));
    }
  }
  await session.release();
  return evidence;
}

function weigh(
  scores: Float32Array,
  logits: Float32Array,
  items: readonly number[],
  target: number,
): Evidence {
  const pointers = Array.from(logits.subarray(logits.length - items.length));
  const largest = scores.reduce((max, score) => Math.max(max, score), -Infinity);
  return {
    own: scores[target] ?? NaN,
    normalisers: CATALOGUE_FACTORS.map((factor) => {
      let total = 0;
      for (const score of scores) total += Math.exp(factor * (score - largest));
      return factor * largest + Math.log(total);
    }),
    pointers,
    hits: pointers.filter((_, event) => items[event] === target),
  };
}

/** Mean of -log p(target), in nats. */
function meanLoss(
  evidence: readonly Evidence[],
  catalogue: number,
  factor: number,
  slope: number,
  shift: number,
): number {
  const mass = (logits: readonly number[]) =>
    logits.reduce((sum, logit) => sum + Math.exp(slope * logit + shift), 0);
  let total = 0;
  for (const { own, normalisers, pointers, hits } of evidence) {
    const all = Math.exp(normalisers[factor] ?? NaN) + mass(pointers);
    total += Math.log(all) - Math.log(Math.exp(catalogue * own) + mass(hits));
  }
  return total / evidence.length;
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
