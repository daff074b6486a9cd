// AdamW (Loshchilov and Hutter, 2019) as graph: one update of a flat vector of dense parameters.
import { add, div, maximum, mul, sub } from "../ops/arithmetic.ts";
import { sqrt, square } from "../ops/elementwise.ts";
import { sum } from "../ops/reduce.ts";
import type { Value } from "../value.ts";

/** Decay of the moments. For the dense parameters of a run of some thousand steps, 0.99 forgets early noise in time. */
export const ADAM = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8 } as const;

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

/**
 * The last part of a training step: inputs mean, variance [n], learning_rate [] and correction [2]; outputs
 * next_parameters, next_mean, next_variance [n].
 */
export function outputUpdate(
  parameters: Value,
  gradient: Value,
  settings: Pick<AdamOptions, "weightDecay" | "decayMask" | "clipNorm">,
): void {
  const { graph, shape } = parameters;
  const state = {
    parameters,
    mean: graph.input("mean", shape),
    variance: graph.input("variance", shape),
  };
  const next = adamW(state, gradient, {
    learningRate: graph.input("learning_rate", []),
    correction: graph.input("correction", [2]),
    ...settings,
  });
  graph.output("next_parameters", next.parameters);
  graph.output("next_mean", next.mean);
  graph.output("next_variance", next.variance);
}

/** All tensors flat, of one shape [parameters]. */
export function adamW(state: AdamState, gradient: Value, options: AdamOptions): AdamState {
  const { graph } = gradient;
  const pick = (at: number) =>
    graph.apply("Gather", [options.correction, graph.ints([at])], { shape: [1] });
  const g = options.clipNorm === undefined ? gradient : clip(gradient, options.clipNorm);

  const mean = add(mul(state.mean, ADAM.beta1), mul(g, 1 - ADAM.beta1));
  const variance = add(mul(state.variance, ADAM.beta2), mul(square(g), 1 - ADAM.beta2));
  const direction = div(div(mean, pick(0)), add(sqrt(div(variance, pick(1))), ADAM.epsilon));
  const decay = mul(mul(state.parameters, options.decayMask), options.weightDecay);
  const parameters = sub(state.parameters, mul(add(direction, decay), options.learningRate));
  return { parameters, mean, variance };
}

/** Shortens a vector to `limit` where it is longer (Pascanu et al., 2013). */
function clip(gradient: Value, limit: number): Value {
  const length = sqrt(sum(square(gradient)));
  return mul(
    gradient,
    div(gradient.graph.scalar(limit), maximum(length, gradient.graph.scalar(limit))),
  );
}
