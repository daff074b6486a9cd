// Broadcasting and its reverse. Each is the gradient of the other: what was copied out is summed up.
import { sameShape, showShape } from "../shape.ts";
import type { Dim, Shape } from "../shape.ts";
import type { Value } from "../graph.ts";

/** What ONNX's Reshape takes for a size that is the input's, and for one that follows from the others. */
const KEPT = 0;
const UNKNOWN = -1;

/** The shape of an elementwise result (NumPy's rule). Throws where sizes do not match. */
export function broadcastShape(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const dims: Dim[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const x = a[axis - rank + a.length] ?? 1;
    const y = b[axis - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new Error(`${showShape(a)} and ${showShape(b)} do not broadcast`);
    }
    dims.push(x === 1 ? y : x);
  }
  return dims;
}

/** Repeats `x` along its axes of size 1 until it has `shape`. */
export function expandTo(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  if (!sameShape(broadcastShape(x.shape, shape), shape)) {
    throw new Error(`${showShape(x.shape)} does not expand to ${showShape(shape)}`);
  }
  // Expand broadcasts both ways, so a symbolic size that `x` already has is asked for as 1.
  const target = shape.map((dim) => (typeof dim === "number" ? dim : 1));
  return x.graph.apply(
    "Expand",
    [x, x.graph.ints(target)],
    { shape, type: x.type },
    {
      backward: (g) => [sumTo(g, x.shape), null],
    },
  );
}

/** Sums `x` over the axes along which `shape` broadcasts to it. */
export function sumTo(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.shape.length - shape.length;
  const extra = x.shape.flatMap((_, axis) => (axis < lead ? [axis] : []));
  const ones = shape.flatMap((dim, axis) =>
    dim === 1 && x.shape[axis + lead] !== 1 ? [axis + lead] : [],
  );
  const kept = ones.length > 0 ? sumAxes(x, ones, true) : x;
  return extra.length > 0 ? sumAxes(kept, extra, false) : kept;
}

/** Sums over `axes` (not negative), which stay as size 1 or go. */
export function sumAxes(x: Value, axes: readonly number[], keep: boolean): Value {
  const ones = x.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  const shape = keep ? ones : x.shape.filter((_, axis) => !axes.includes(axis));
  return x.graph.apply(
    "ReduceSum",
    [x, x.graph.ints(axes)],
    { shape, type: x.type },
    {
      attributes: { keepdims: { int: keep ? 1 : 0 } },
      backward: (g) => [expandTo(keep ? g : reshapeTo(g, ones), x.shape), null],
    },
  );
}

/**
 * Same elements in another shape. Symbolic sizes that keep their axis are kept; of the others one may be left for the
 * runtime to work out.
 */
export function reshapeTo(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  const target = shape.map((dim, axis) => {
    if (typeof dim === "number") return dim;
    return dim === x.shape[axis] ? KEPT : UNKNOWN;
  });
  if (target.filter((dim) => dim === UNKNOWN).length > 1) {
    throw new Error(`${showShape(x.shape)} to ${showShape(shape)} leaves two sizes open`);
  }
  return x.graph.apply(
    "Reshape",
    [x, x.graph.ints(target)],
    { shape, type: x.type },
    {
      backward: (g) => [reshapeTo(g, x.shape), null],
    },
  );
}
