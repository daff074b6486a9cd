// One training step of the ranking model as a graph: the loss of some lists, and its gradient.
import { gradients } from "../../graph/autodiff.ts";
import { Graph } from "../../graph/graph.ts";
import { add, mul, sub } from "../../graph/ops/arithmetic.ts";
import { softplus } from "../../graph/ops/elementwise.ts";
import { reshape } from "../../graph/ops/layout.ts";
import { logSumExp, sum } from "../../graph/ops/reduce.ts";
import { bindParameters, countParameters, flatten } from "../../optimise/parameters.ts";
import type { Value } from "../../graph/graph.ts";
import type { RankingConfig, RankingTask } from "../config.ts";
import { rankingParameters, scoreCandidates } from "../model.ts";
import type { ModelShape, Normalisation } from "../model.ts";

/** An absent entry of a list gets a logit so low that its share of a softmax is zero. */
const ABSENT = 1e4;

/**
 * Inputs: parameters [n]; features [batch * list, width]; present
 * [batch, list], 1 for a candidate and 0 for an empty entry; clicked [batch, list], 1 for what came next; of each
 * other task its labels [batch, list] under its name, and `weight` [batch, list], how many candidates one stands for
 * over how many there are in the batch.
 * Outputs: loss; d_parameters.
 */
export function buildRankingStep(
  config: RankingConfig,
  shape: ModelShape,
  normalisation: Normalisation,
): Graph {
  const { batch, listLength } = config;
  const indexes = batch * listLength;
  const parameters = rankingParameters(shape);
  const count = countParameters(parameters);
  const graph = new Graph();
  const flat = graph.input("parameters", [count]);
  const { bound, leaves } = bindParameters(flat, parameters);
  const features = graph.input("features", [indexes, shape.width]);
  const logits = scoreCandidates(features, normalisation, bound, shape);

  const list = [batch, listLength];
  const losses = Array.from(logits, ([task, logit]) =>
    task === "click"
      ? listLoss(reshape(logit, list), graph)
      : labelLoss(task, reshape(logit, list), graph),
  );
  const loss = losses.reduce((total, part) => add(total, part));
  graph.output("loss", loss);
  graph.output("d_parameters", flatten(gradients(loss, leaves)));
  return graph;
}

/** Listwise softmax (ListNet's top-one: Cao et al., ICML 2007): mean of -log p(what came next), in nats. */
function listLoss(logits: Value, graph: Graph): Value {
  const present = graph.input("present", logits.shape);
  const clicked = graph.input("clicked", logits.shape);
  const reachable = sub(logits, mul(sub(graph.scalar(1), present), ABSENT));
  const own = sum(mul(logits, clicked), [-1]);
  // A list whose every entry is absent carries no click and adds a constant.
  const wanted = sum(clicked, [-1]);
  const nats = sub(mul(logSumExp(reachable), wanted), own);
  return mul(sum(nats), 1 / Number(logits.shape[0]));
}

/** Binary cross-entropy, weighted: log(1 + e^x) - label x. */
function labelLoss(task: RankingTask, logits: Value, graph: Graph): Value {
  const labels = graph.input(task, logits.shape);
  const weight = graph.inputs.get("weight") ?? graph.input("weight", logits.shape);
  return sum(mul(sub(softplus(logits), mul(labels, logits)), weight));
}
