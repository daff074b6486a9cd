// The intent network on one page, for training and serving: wide & deep (Cheng et al., DLRS 2016), several of them, whose
// logits are averaged; then a logistic curve per head that makes them probabilities (Platt, 1999).
import type { PlattScaling } from "../evaluate/binary/platt.ts";
import { gradients } from "../graph/autodiff.ts";
import { Graph } from "../graph/graph.ts";
import type { Value } from "../graph/graph.ts";
import { add, mul, sub } from "../graph/ops/arithmetic.ts";
import { gelu, sigmoid, softplus } from "../graph/ops/elementwise.ts";
import { linear } from "../graph/ops/matmul.ts";
import { sum } from "../graph/ops/reduce.ts";
import {
  bindParameters,
  countParameters,
  flatten,
  holdParameters,
  scaledNormal,
  ZERO,
} from "../optimise/parameters.ts";
import type { Bound, Parameter } from "../optimise/parameters.ts";
import { HEADS } from "./config.ts";

export type IntentShape = { width: number; hidden: readonly number[]; members: number };

/** Each [width]; an inverse of 0 shuts out a feature that never changed. */
export type Normalisation = { mean: Float32Array; inverse: Float32Array };

export type IntentWeights = {
  shape: IntentShape;
  normalisation: Normalisation;
  parameters: Float32Array;
  /** By head. */
  scaling: readonly PlattScaling[];
};

/** Features further than this many deviations off are taken as this far. */
const FARTHEST = 4;

export function intentParameters({ width, hidden, members }: IntentShape): Parameter[] {
  return Array.from({ length: members }, (_, member) => [
    ...hidden.flatMap((size, layer) => [
      {
        name: `${member}.layer${layer}`,
        shape: [hidden[layer - 1] ?? width, size],
        initial: scaledNormal(hidden[layer - 1] ?? width),
      },
      { name: `${member}.layer${layer}.bias`, shape: [size], initial: ZERO },
    ]),
    ...hidden.slice(-1).map((top) => ({
      name: `${member}.deep`,
      shape: [top, HEADS.length],
      initial: scaledNormal(top),
    })),
    { name: `${member}.wide`, shape: [width, HEADS.length], initial: ZERO },
    { name: `${member}.bias`, shape: [HEADS.length], initial: ZERO },
  ]).flat();
}

/** Of each member, [rows, heads]. */
function logitsOf(
  features: Value,
  scale: Normalisation,
  bound: Bound,
  shape: IntentShape,
): Value[] {
  const { graph } = features;
  const { length } = scale.mean;
  const centred = sub(features, graph.constant(scale.mean, [length]));
  const scaled = mul(centred, graph.constant(scale.inverse, [length]));
  // No gradient is asked for before this point.
  const input = graph.apply(
    "Clip",
    [scaled, graph.scalar(-FARTHEST), graph.scalar(FARTHEST)],
    scaled,
  );
  return Array.from({ length: shape.members }, (_, member) => {
    const wide = linear(input, bound(`${member}.wide`), bound(`${member}.bias`));
    let deep = input;
    for (const layer of shape.hidden.keys()) {
      const name = `${member}.layer${layer}`;
      deep = gelu(linear(deep, bound(name), bound(`${name}.bias`)));
    }
    return shape.hidden.length === 0 ? wide : add(wide, linear(deep, bound(`${member}.deep`)));
  });
}

/**
 * Inputs: parameters [n]; features [batch, width]; labels and weight [batch, heads], weight 0 where there is no label.
 * Outputs: loss, the members' mean of the weighted cross-entropy; d_parameters.
 */
export function buildIntentStep(shape: IntentShape, scale: Normalisation, batch: number): Graph {
  const graph = new Graph();
  const parameters = intentParameters(shape);
  const flat = graph.input("parameters", [countParameters(parameters)]);
  const { bound, leaves } = bindParameters(flat, parameters);
  const features = graph.input("features", [batch, shape.width]);
  const labels = graph.input("labels", [batch, HEADS.length]);
  const weight = graph.input("weight", [batch, HEADS.length]);
  const losses = logitsOf(features, scale, bound, shape).map((logit) =>
    sum(mul(sub(softplus(logit), mul(labels, logit)), weight)),
  );
  const loss = losses.reduce((total, part) => add(total, part));
  graph.output("loss", mul(loss, 1 / shape.members));
  graph.output("d_parameters", flatten(gradients(loss, leaves)));
  return graph;
}

/** Input: features [rows, width]. Output: probabilities [rows, heads]. */
export function buildIntentGraph({
  shape,
  normalisation,
  parameters,
  scaling,
}: IntentWeights): Graph {
  const graph = new Graph();
  const features = graph.input("features", ["rows", shape.width]);
  const bound = holdParameters(graph, parameters, intentParameters(shape));
  const logits = logitsOf(features, normalisation, bound, shape);
  const mean = mul(
    logits.reduce((total, part) => add(total, part)),
    1 / shape.members,
  );
  const slopes = Float32Array.from(scaling, ({ slope }) => slope);
  const offsets = Float32Array.from(scaling, ({ offset }) => offset);
  const scaled = add(
    mul(mean, graph.constant(slopes, [slopes.length])),
    graph.constant(offsets, [offsets.length]),
  );
  graph.output("probabilities", sigmoid(scaled));
  return graph;
}
