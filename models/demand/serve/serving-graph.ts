// The inference graph: features of items in, quantiles of their sums over the horizon in levels out, averaged over members.
import { Graph } from "../../graph/graph.ts";
import { add, mul } from "../../graph/ops/arithmetic.ts";
import { holdParameters } from "../../optimise/parameters.ts";
import { demandParameters, predictQuantiles } from "../model.ts";
import type { DemandWeights } from "../model.ts";

/** Input: features [items, width]. Output: quantiles [items, QUANTILES.length]. */
export function buildDemandGraph({ hidden, normalisation, members }: DemandWeights): Graph {
  const graph = new Graph();
  const width = normalisation.mean.length;
  const features = graph.input("features", ["items", width]);
  const parts = members.map((flat) => {
    const bound = holdParameters(graph, flat, demandParameters(width, hidden));
    return predictQuantiles(features, normalisation, bound, hidden);
  });
  graph.output(
    "quantiles",
    mul(
      parts.reduce((a, b) => add(a, b)),
      1 / members.length,
    ),
  );
  return graph;
}
