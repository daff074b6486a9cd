// Sizes and element types of tensors. It knows no graph.

export type DType = "float32" | "float16" | "int64" | "int32" | "int8" | "uint8" | "bool";

/** A size, or the name of a size that is known only when the graph runs. */
export type Dim = number | string;
export type Shape = readonly Dim[];

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
export function dimOf(value: { readonly shape: Shape }, axis: number): Dim {
  const dim = value.shape[axis < 0 ? axis + value.shape.length : axis];
  if (dim === undefined) throw new Error(`no axis ${axis} in ${showShape(value.shape)}`);
  return dim;
}

/** Like `dimOf`, for places where the size has to be a number. */
export function sizeOf(value: { readonly shape: Shape }, axis: number): number {
  const dim = dimOf(value, axis);
  if (typeof dim === "string")
    throw new Error(`axis ${axis} of ${showShape(value.shape)} is symbolic`);
  return dim;
}
