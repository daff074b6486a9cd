// The inference graph: features of the candidates of one list in, a score of each out.
import { Graph } from "../../graph/graph.ts";
import { add, mul } from "../../graph/ops/arithmetic.ts";
import { concat, reshape, split } from "../../graph/ops/layout.ts";
import { linear } from "../../graph/ops/matmul.ts";
import { softmax } from "../../graph/ops/reduce.ts";
import { erf, sigmoid } from "../../graph/ops/elementwise.ts";
import { holdParameters } from "../../optimise/parameters.ts";
import type { Bound } from "../../optimise/parameters.ts";
import type { Value } from "../../graph/graph.ts";
import { normalise, rankingParameters } from "../model.ts";
import type { RankingTask } from "../config.ts";
import type { ModelShape, Normalisation } from "../model.ts";

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
  const bound = holdParameters(graph, parameters, rankingParameters(shape));
  for (const [task, logit] of scoreAtOnce(normalise(features, normalisation), bound, shape)) {
    if (task !== "click") {
      graph.output(task, sigmoid(logit));
      continue;
    }
    graph.output("scores", logit);
    graph.output("click", reshape(softmax(reshape(logit, [1, "candidates"])), ["candidates"]));
  }
  return graph;
}

/**
 * The logits of `scoreCandidates`, written for the runtime: all tasks in one product, and an activation that it knows
 * as one op. Half the time; the numbers differ by rounding only.
 */
function scoreAtOnce(
  input: Value,
  bound: Bound,
  { hidden, tasks }: ModelShape,
): Map<RankingTask, Value> {
  const rows = input.shape[0] ?? 0;
  let deep = input;
  for (const layer of hidden.keys()) {
    deep = fusedGelu(linear(deep, bound(`layer${layer}`), bound(`layer${layer}.bias`)));
  }
  function side(part: string, axis: number): Value {
    const [first, ...rest] = tasks.map((task) => bound(`${task}.${part}`));
    if (!first) throw new Error("a ranking model has a task");
    return concat([first, ...rest], axis);
  }
  const wide = linear(input, side("wide", 1), side("bias", 0));
  const logits = add(wide, linear(deep, side("deep", 1)));
  const columns = split(
    logits,
    1,
    tasks.map(() => 1),
  );
  return new Map(
    tasks.flatMap((task, column) => {
      const logit = columns[column];
      return logit ? [[task, reshape(logit, [rows])] as const] : [];
    }),
  );
}

/** x Phi(x), op by op as ONNX Runtime looks for it to make it one. */
function fusedGelu(x: Value): Value {
  const { graph } = x;
  const ratio = graph.apply("Div", [x, graph.scalar(Math.SQRT2)], x);
  return mul(mul(x, add(erf(ratio), 1)), 0.5);
}
