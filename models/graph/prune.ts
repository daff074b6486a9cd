// Dead-code removal: what no output needs is neither written nor run.
import type { Graph, Node, Value } from "./graph.ts";

export type Live = {
  nodes: readonly Node[];
  constants: readonly Value[];
  /** Inputs that some output depends on, by name. */
  inputs: readonly [string, Value][];
};

/** Everything that `graph.outputs` depend on, in the order of building. */
export function prune(graph: Graph): Live {
  const needed = new Set<Value>(graph.outputs.values());
  const nodes: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    nodes.push(node);
    for (const input of node.inputs) needed.add(input);
    for (const outer of outerValues(node)) needed.add(outer);
  }
  return {
    nodes: nodes.toReversed(),
    constants: [...graph.constants.keys()].filter((value) => needed.has(value)),
    inputs: [...graph.inputs].filter(([, value]) => needed.has(value)),
  };
}

/** Values of the surrounding graph that a node's body (a Scan, say) reads. */
function outerValues(node: Node): Value[] {
  return Object.values(node.attributes).flatMap((attribute) => {
    if (typeof attribute !== "object" || !("graph" in attribute)) return [];
    const body = attribute.graph;
    const read = body.nodes.flatMap((inner) => [...inner.inputs, ...outerValues(inner)]);
    return read.filter((value) => value.graph !== body);
  });
}
