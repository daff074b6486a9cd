// The demand model on one page: features of an item -> quantiles of its sum over the horizon, in units of its level.
// Each quantile is the one below it and a step that is never negative, so they cannot cross.
import { add, mul, sub } from "../graph/ops/arithmetic.ts";
import { gelu, softplus } from "../graph/ops/elementwise.ts";
import { linear } from "../graph/ops/matmul.ts";
import type { Value } from "../graph/graph.ts";
import { scaledNormal, ZERO } from "../optimise/parameters.ts";
import type { Bound, Parameter } from "../optimise/parameters.ts";
import { QUANTILES } from "./config.ts";

/** Makes features of mean 0 and deviation 1, each [width]. */
export type Normalisation = { mean: Float32Array; inverse: Float32Array };

export type DemandWeights = {
  hidden: readonly number[];
  normalisation: Normalisation;
  /** Flat, one vector a member. */
  members: readonly Float32Array[];
};

/** Features further than this many deviations off are taken as this far. */
const FARTHEST = 4;
/** softplus(-2) = 0.13: eight such steps start near a level of one. */
const FIRST_STEP: Parameter["initial"] = { kind: "constant", value: -2 };

export function demandParameters(width: number, hidden: readonly number[]): Parameter[] {
  const count = QUANTILES.length;
  return [
    ...hidden.flatMap((size, layer) => [
      {
        name: `layer${layer}`,
        shape: [hidden[layer - 1] ?? width, size],
        initial: scaledNormal(hidden[layer - 1] ?? width),
      },
      { name: `layer${layer}.bias`, shape: [size], initial: ZERO },
    ]),
    { name: "deep", shape: [hidden.at(-1) ?? width, count], initial: ZERO },
    { name: "wide", shape: [width, count], initial: ZERO },
    { name: "bias", shape: [count], initial: FIRST_STEP },
  ];
}

/** Quantiles [rows, QUANTILES.length] of features [rows, width]. */
export function predictQuantiles(
  features: Value,
  { mean, inverse }: Normalisation,
  bound: Bound,
  hidden: readonly number[],
): Value {
  const { graph } = features;
  const centred = sub(features, graph.constant(mean, [mean.length]));
  const scaled = mul(centred, graph.constant(inverse, [inverse.length]));
  // No gradient is asked for before this point.
  const input = graph.apply(
    "Clip",
    [scaled, graph.scalar(-FARTHEST), graph.scalar(FARTHEST)],
    scaled,
  );
  let deep = input;
  for (const layer of hidden.keys()) {
    deep = gelu(linear(deep, bound(`layer${layer}`), bound(`layer${layer}.bias`)));
  }
  const steps = softplus(
    add(linear(input, bound("wide"), bound("bias")), linear(deep, bound("deep"))),
  );
  return linear(steps, runningSum(features, QUANTILES.length));
}

/** 1 on and above the diagonal: a product with it adds up. */
function runningSum({ graph }: Value, size: number): Value {
  const data = Float32Array.from({ length: size * size }, (_, at) =>
    Math.floor(at / size) <= at % size ? 1 : 0,
  );
  return graph.constant(data, [size, size]);
}
