// The inference graph: features of the candidates of one list in, a score of each out.
import { Graph } from "../graph/graph.ts";
import { reshape } from "../graph/ops/layout.ts";
import { softmax } from "../graph/ops/reduce.ts";
import { sigmoid } from "../graph/ops/elementwise.ts";
import { bindParameters } from "../graph/optimise/parameters.ts";
import { rankingParameters, scoreCandidates } from "./model.ts";
import type { ModelShape, Normalisation } from "./model.ts";

/** What a trained model consists of. */
export type RankingWeights = {
  shape: ModelShape;
  normalisation: Normalisation;
  /** Flat. */
  parameters: Float32Array;
};

/**
 * Input: features [candidates, width]. Outputs, each [candidates]: scores, by which to rank; click, the probability of
 * being the one that comes next, which adds up to 1 over the list; and where the model learned them cart and purchase,
 * the probabilities of being added and bought before the session ends.
 */
export function buildRankingGraph({ shape, normalisation, parameters }: RankingWeights): Graph {
  const graph = new Graph();
  const features = graph.input("features", ["candidates", shape.width]);
  const flat = graph.constant(parameters, [parameters.length]);
  const { bound } = bindParameters(flat, rankingParameters(shape));
  for (const [task, logit] of scoreCandidates(features, normalisation, bound, shape)) {
    if (task !== "click") {
      graph.output(task, sigmoid(logit));
      continue;
    }
    graph.output("scores", logit);
    graph.output("click", reshape(softmax(reshape(logit, [1, "candidates"])), ["candidates"]));
  }
  return graph;
}
