// AdamW (Loshchilov and Hutter, 2019) as graph: one update of a flat vector of dense parameters.
import { add, div, maximum, mul, sub } from "../graph/ops/arithmetic.ts";
import { sqrt, square } from "../graph/ops/elementwise.ts";
import { sum } from "../graph/ops/reduce.ts";
import type { Value } from "../graph/graph.ts";

/** Decay of the moments. For the dense parameters of a run of some thousand steps, 0.99 forgets early noise in time. */
const ADAM = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8 } as const;

export type AdamState = { parameters: Value; mean: Value; variance: Value };

export type AdamOptions = {
  /** float32 scalar. */
  learningRate: Value;
  /** 1 - beta^t for both betas at step t >= 1: float32 [2]; see `biasCorrection`. */
  correction: Value;
  weightDecay: number;
  /** 1 where weight decay applies. */
  decayMask: Value;
  /** Longest gradient that is taken as it is; a longer one is shortened to it. */
  clipNorm?: number;
};

/** The step's feed for `correction`. */
export function biasCorrection(step: number): Float32Array {
  return Float32Array.of(1 - ADAM.beta1 ** step, 1 - ADAM.beta2 ** step);
}

/** All tensors flat, of one shape [parameters]. What scales the whole vector is gathered in scalars first: each saves a pass. */
export function adamW(state: AdamState, gradient: Value, options: AdamOptions): AdamState {
  const { graph } = gradient;
  const pick = (at: number) =>
    graph.apply("Gather", [options.correction, graph.ints([at])], { shape: [1] });
  const { beta1, beta2, epsilon } = ADAM;
  const squares = square(gradient);
  const kept =
    options.clipNorm === undefined ? graph.scalar(1) : shareKept(squares, options.clipNorm);

  const mean = add(mul(state.mean, beta1), mul(gradient, mul(kept, 1 - beta1)));
  const variance = add(mul(state.variance, beta2), mul(squares, mul(square(kept), 1 - beta2)));
  // mean / correction1 over sqrt(variance / correction2) + epsilon, with the corrections drawn out.
  const correction = sqrt(pick(1));
  const direction = div(mean, add(sqrt(variance), mul(correction, epsilon)));
  const rate = mul(div(correction, pick(0)), options.learningRate);
  const decay = mul(options.decayMask, mul(options.learningRate, options.weightDecay));
  const shrunk = sub(state.parameters, mul(state.parameters, decay));
  return { parameters: sub(shrunk, mul(direction, rate)), mean, variance };
}

/** By what a gradient is multiplied that is longer than `limit`, else 1 (Pascanu et al., 2013). `squares` of its elements. */
function shareKept(squares: Value, limit: number): Value {
  const { graph } = squares;
  return div(graph.scalar(limit), maximum(sqrt(sum(squares)), graph.scalar(limit)));
}
