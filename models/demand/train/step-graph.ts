// One training step of the demand model as a graph: pinball loss over all quantiles, and its gradient.
import { gradients } from "../../graph/autodiff.ts";
import { Graph } from "../../graph/graph.ts";
import { add, mul, neg, sub } from "../../graph/ops/arithmetic.ts";
import { relu } from "../../graph/ops/elementwise.ts";
import { sum } from "../../graph/ops/reduce.ts";
import { bindParameters, countParameters, flatten } from "../../optimise/parameters.ts";
import { QUANTILES } from "../config.ts";
import { demandParameters, predictQuantiles } from "../model.ts";
import type { Normalisation } from "../model.ts";

/**
 * Inputs: parameters [n]; features [batch, width]; sold [batch, 1], in levels; weight [batch, 1], adding up to 1.
 * Outputs: loss; d_parameters.
 */
export function buildDemandStep(
  batch: number,
  hidden: readonly number[],
  normalisation: Normalisation,
): Graph {
  const width = normalisation.mean.length;
  const parameters = demandParameters(width, hidden);
  const graph = new Graph();
  const flat = graph.input("parameters", [countParameters(parameters)]);
  const { bound, leaves } = bindParameters(flat, parameters);
  const features = graph.input("features", [batch, width]);
  const predicted = predictQuantiles(features, normalisation, bound, hidden);
  const short = sub(graph.input("sold", [batch, 1]), predicted);
  const quantiles = graph.constant(Float32Array.from(QUANTILES), [1, QUANTILES.length]);
  const under = mul(relu(short), quantiles);
  const over = mul(relu(neg(short)), sub(graph.scalar(1), quantiles));
  const loss = sum(mul(add(under, over), graph.input("weight", [batch, 1])));
  graph.output("loss", loss);
  graph.output("d_parameters", flatten(gradients(loss, leaves)));
  return graph;
}
