// Reverse-mode automatic differentiation. The backward pass is more graph: each node, visited from the
// loss backwards, turns the gradients of its outputs into those of its inputs (its own file says how).
import { add } from "./ops/arithmetic.ts";
import type { Node, Value } from "./graph.ts";

/**
 * Extends the graph of `loss` (a scalar) by its gradient with respect to each of `leaves`.
 * A leaf that the loss does not depend on gets zeros. Throws where the way to a leaf leads through an op
 * without a gradient.
 */
export function gradients(loss: Value, leaves: readonly Value[]): Value[] {
  if (loss.shape.length > 0) throw new Error("only a scalar loss has a gradient");
  const { graph } = loss;
  const moved = dependents(loss, leaves);
  const gradient = new Map<Value, Value>([[loss, graph.scalar(1)]]);

  for (const node of graph.nodes.toReversed()) {
    if (!moved.has(node) || !node.outputs.some((output) => gradient.has(output))) continue;
    if (!node.backward) throw new Error(`${node.op} has no gradient, yet the loss depends on it`);
    const incoming = node.outputs.map(
      (output) => gradient.get(output) ?? graph.zeros(output.shape),
    );
    for (const [i, contribution] of node.backward(...incoming).entries()) {
      const input = node.inputs[i];
      if (!input || !contribution) continue;
      const sofar = gradient.get(input);
      gradient.set(input, sofar ? add(sofar, contribution) : contribution);
    }
  }
  return leaves.map((leaf) => gradient.get(leaf) ?? graph.zeros(leaf.shape));
}

/** The nodes on a way from a leaf to the loss. Nodes are in topological order, as they were built. */
function dependents(loss: Value, leaves: readonly Value[]): Set<Node> {
  const moving = new Set<Value>(leaves);
  const nodes = new Set<Node>();
  for (const node of loss.graph.nodes) {
    if (!node.inputs.some((input) => moving.has(input))) continue;
    nodes.add(node);
    for (const output of node.outputs) moving.add(output);
  }
  return nodes;
}
