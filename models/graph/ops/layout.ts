// Ops that move elements without changing them: reshape, transpose, slice, pad, concat, split, gather.
import { countElements, dimOf, showShape, sizeOf } from "../shape.ts";
import type { Dim, Shape } from "../shape.ts";
import type { Value } from "../graph.ts";
import { reshapeTo } from "./broadcast.ts";

/** Same elements in another shape. Throws where the number of elements differs. */
export function reshape(x: Value, shape: Shape): Value {
  const fixed = [...x.shape, ...shape].every((dim) => typeof dim === "number");
  if (fixed && countElements(x.shape) !== countElements(shape)) {
    throw new Error(`${showShape(x.shape)} cannot be reshaped to ${showShape(shape)}`);
  }
  return reshapeTo(x, shape);
}

/** Axis `i` of the result is axis `order[i]` of `x`. */
export function transpose(x: Value, order: readonly number[]): Value {
  const shape = order.map((axis) => dimOf(x, axis));
  const inverse = order.map((_, axis) => order.indexOf(axis));
  return x.graph.apply(
    "Transpose",
    [x],
    { shape, type: x.type },
    {
      attributes: { perm: order },
      backward: (g) => [transpose(g, inverse)],
    },
  );
}

/** Elements `from` to `to` (exclusive) along an axis. */
export function slice(x: Value, axis: number, from: number, to: number): Value {
  const size = sizeOf(x, axis);
  if (from < 0 || to > size || from >= to) throw new Error(`no part ${from}..${to} of ${size}`);
  const { graph } = x;
  const bounds = [graph.ints([from]), graph.ints([to]), graph.ints([axis])];
  const shape = x.shape.map((dim, i) => (i === axis ? to - from : dim));
  return graph.apply(
    "Slice",
    [x, ...bounds],
    { shape, type: x.type },
    {
      backward: (g) => [pad(g, axis, from, size - to)],
    },
  );
}

/** Adds zeros before and after along an axis. */
export function pad(x: Value, axis: number, before: number, after: number): Value {
  if (before === 0 && after === 0) return x;
  const size = sizeOf(x, axis);
  const widths = [before, after].flatMap((width) =>
    x.shape.map((_, i) => (i === axis ? width : 0)),
  );
  const shape = x.shape.map((dim, i) => (i === axis ? before + size + after : dim));
  return x.graph.apply(
    "Pad",
    [x, x.graph.ints(widths)],
    { shape, type: x.type },
    {
      backward: (g) => [slice(g, axis, before, before + size), null],
    },
  );
}

/** Elements `by` steps further along an axis of any size, zeros before them; those at the end are lost. */
export function shift(x: Value, axis: number, by: number): Value {
  if (by === 0) return x;
  const { graph } = x;
  const widths = [by, 0].flatMap((width) => x.shape.map((_, i) => (i === axis ? width : 0)));
  const longer = x.shape.map((dim, i) => (i !== axis ? dim : shifted(dim, by)));
  const padded = graph.apply(
    "Pad",
    [x, graph.ints(widths)],
    { shape: longer, type: x.type },
    { backward: (g) => [slice(g, axis, by, by + sizeOf(x, axis)), null] },
  );
  const bounds = [graph.ints([0]), graph.ints([-by]), graph.ints([axis])];
  return graph.apply("Slice", [padded, ...bounds], x, { backward: (g) => [pad(g, axis, 0, by)] });
}

function shifted(dim: Dim, by: number): Dim {
  return typeof dim === "number" ? dim + by : `${dim}+${by}`;
}

/** What stands last along an axis of any size, which goes. */
export function last(x: Value, axis: number): Value {
  const { graph } = x;
  const index = graph.constant(BigInt64Array.of(-1n), [], "int64");
  const shape = x.shape.filter((_, i) => i !== axis);
  const kept = x.shape.map((dim, i) => (i === axis ? 1 : dim));
  return graph.apply(
    "Gather",
    [x, index],
    { shape, type: x.type },
    {
      attributes: { axis: { int: axis } },
      backward: (g) => [pad(reshape(g, kept), axis, sizeOf(x, axis) - 1, 0), null],
    },
  );
}

/** Joins tensors along an axis. */
export function concat(parts: readonly [Value, ...Value[]], axis: number): Value {
  const [first] = parts;
  const sizes = parts.map((part) => sizeOf(part, axis));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const shape = first.shape.map((dim, i) => (i === axis ? total : dim));
  return first.graph.apply(
    "Concat",
    parts,
    { shape, type: first.type },
    {
      attributes: { axis: { int: axis } },
      backward: (g) => split(g, axis, sizes),
    },
  );
}

/** Cuts along an axis into parts of the given sizes. */
export function split(x: Value, axis: number, sizes: readonly number[]): Value[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (sizeOf(x, axis) !== total)
    throw new Error(`${showShape(x.shape)} does not split into ${total}`);
  const outputs = sizes.map((size) => ({
    shape: x.shape.map((dim, i) => (i === axis ? size : dim)),
    type: x.type,
  }));
  return x.graph.applyMany("Split", [x, x.graph.ints(sizes)], outputs, {
    attributes: { axis: { int: axis } },
    backward: (first, ...rest) => (first ? [concat([first, ...rest], axis), null] : [null]),
  });
}

/** Rows of a table by index: [rows, ...row], [...index] -> [...index, ...row]. No gradient; see `lookup`. */
export function gather(table: Value, index: Value): Value {
  const shape = [...index.shape, ...table.shape.slice(1)];
  return table.graph.apply("Gather", [table, index], { shape, type: table.type });
}
