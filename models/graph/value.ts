// The two nouns of a graph: values (typed, shaped edges) and nodes (ops that make them).
// Every value knows the node that made it, so a gradient can find its way back.
import type { Graph } from "./graph.ts";

export type DType = "float32" | "float16" | "int64" | "int32" | "int8" | "uint8" | "bool";

/** A size, or the name of a size that is known only when the graph runs. */
export type Dim = number | string;
export type Shape = readonly Dim[];

export type Attribute = number | string | readonly number[] | { int: number } | { graph: Graph };
export type Attributes = Readonly<Record<string, Attribute>>;

/** Gets the gradient of the loss by each output; gives it by each input, null where none flows. */
export type Backward = (...outputGradients: Value[]) => (Value | null)[];

export type Node = {
  readonly op: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: Attributes;
  readonly backward: Backward | null;
};

export type Value = {
  readonly graph: Graph;
  readonly type: DType;
  readonly shape: Shape;
  /** The node that computes it; null for inputs and constants. */
  producer: Node | null;
};

export function showShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** Product of the sizes. Throws on a symbolic one. */
export function countElements(shape: Shape): number {
  let count = 1;
  for (const dim of shape) {
    if (typeof dim === "string")
      throw new Error(`size "${dim}" of ${showShape(shape)} is symbolic`);
    count *= dim;
  }
  return count;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

/** The size of an axis; negative axes count from the end. Throws where there is none. */
export function dimOf(value: Value, axis: number): Dim {
  const dim = value.shape[axis < 0 ? axis + value.shape.length : axis];
  if (dim === undefined) throw new Error(`no axis ${axis} in ${showShape(value.shape)}`);
  return dim;
}

/** Like `dimOf`, for places where the size has to be a number. */
export function sizeOf(value: Value, axis: number): number {
  const dim = dimOf(value, axis);
  if (typeof dim === "string")
    throw new Error(`axis ${axis} of ${showShape(value.shape)} is symbolic`);
  return dim;
}
