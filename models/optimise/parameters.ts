// The dense parameters of a model: many small tensors that travel as one flat vector and are split inside
// the graph, so a step moves 3 tensors (values and two moments) instead of 80.
import type { Graph, Value } from "../graph/graph.ts";
import { concat, reshape, split } from "../graph/ops/layout.ts";
import type { Random } from "../graph/random.ts";
import { countElements } from "../graph/shape.ts";

export type Initial = { kind: "normal"; deviation: number } | { kind: "constant"; value: number };

export type Parameter = { name: string; shape: readonly number[]; initial: Initial };

/** Values of a model's parameters inside one graph, by name. */
export type Bound = (name: string) => Value;

/** Normal with variance 1 / inputs, for a matrix [inputs, outputs] (LeCun et al., 1998). */
export function scaledNormal(inputs: number): Initial {
  return { kind: "normal", deviation: Math.sqrt(1 / inputs) };
}

export const ZERO: Initial = { kind: "constant", value: 0 };
export const ONE: Initial = { kind: "constant", value: 1 };

export function countParameters(parameters: readonly Parameter[]): number {
  return parameters.reduce((sum, { shape }) => sum + countElements(shape), 0);
}

/** First values, in the order of `parameters`. */
export function initialise(parameters: readonly Parameter[], random: Random): Float32Array {
  const flat = new Float32Array(countParameters(parameters));
  let at = 0;
  for (const { shape, initial } of parameters) {
    for (const end = at + countElements(shape); at < end; at++) {
      flat[at] = initial.kind === "constant" ? initial.value : random.normal() * initial.deviation;
    }
  }
  return flat;
}

/** Cuts the flat vector into named tensors. `leaves` are what gradients are asked for. */
export function bindParameters(
  flat: Value,
  parameters: readonly Parameter[],
): { bound: Bound; leaves: readonly Value[] } {
  const leaves = split(
    flat,
    0,
    parameters.map(({ shape }) => countElements(shape)),
  );
  const byName = new Map<string, Value>();
  for (const [i, { name, shape }] of parameters.entries()) {
    const leaf = leaves[i];
    if (!leaf || byName.has(name)) throw new Error(`parameter "${name}" is declared twice`);
    byName.set(name, reshape(leaf, shape));
  }
  return { bound: findIn(byName), leaves };
}

function findIn(byName: ReadonlyMap<string, Value>): Bound {
  return (name) => {
    const value = byName.get(name);
    if (!value) throw new Error(`there is no parameter "${name}"`);
    return value;
  };
}

/** Values that no longer change, each a constant of its own where the graph reads it. */
export function holdParameters(
  graph: Graph,
  flat: Float32Array,
  parameters: readonly Parameter[],
): Bound {
  const byName = new Map<string, Value>();
  let at = 0;
  for (const { name, shape } of parameters) {
    const end = at + countElements(shape);
    byName.set(name, graph.constant(flat.subarray(at, end), shape));
    at = end;
  }
  return findIn(byName);
}

/** The reverse of the cut, for the gradients of `leaves`. */
export function flatten(parts: readonly Value[]): Value {
  const [first, ...rest] = parts;
  if (!first) throw new Error("a model without parameters has nothing to flatten");
  return concat([first, ...rest], 0);
}

/** 1 for every element of a matrix, 0 for gains and biases, which weight decay leaves alone. */
export function decayMask(graph: Graph, parameters: readonly Parameter[]): Value {
  const mask = new Float32Array(countParameters(parameters));
  let at = 0;
  for (const { shape } of parameters) {
    const end = at + countElements(shape);
    mask.fill(shape.length > 1 ? 1 : 0, at, end);
    at = end;
  }
  return graph.constant(mask, [mask.length]);
}
