// Matrix products. The plain one (Gemm) takes transposed operands without copying them.
import { dimOf, sameShape, showShape } from "../shape.ts";
import type { Dim, Shape } from "../shape.ts";
import type { Value } from "../graph.ts";
import { reshapeTo, sumTo } from "./broadcast.ts";
import { transpose } from "./layout.ts";

type Flip = { a?: boolean; b?: boolean };

/** a b (or with a', b' where `flip` says so) plus an optional row `c`, all of rank 2: [m, k] [k, n] -> [m, n]. */
export function gemm(a: Value, b: Value, flip: Flip = {}, c?: Value): Value {
  const [m, k] = matrixShape(a, flip.a);
  const [k2, n] = matrixShape(b, flip.b);
  if (k !== k2)
    throw new Error(`${showShape(a.shape)} times ${showShape(b.shape)}: inner sizes differ`);
  const inputs = c ? [a, b, c] : [a, b];
  return a.graph.apply(
    "Gemm",
    inputs,
    { shape: [m, n] },
    {
      attributes: { transA: { int: flip.a ? 1 : 0 }, transB: { int: flip.b ? 1 : 0 } },
      backward: (g) => [
        flip.a ? gemm(b, g, { a: flip.b, b: true }) : gemm(g, b, { b: !flip.b }),
        flip.b ? gemm(g, a, { a: true, b: flip.a }) : gemm(a, g, { a: !flip.a }),
        c ? sumTo(g, c.shape) : null,
      ],
    },
  );
}

/** x w + b over the last axis: [..., k] [k, n] -> [..., n]. No gradient where several sizes are symbolic. */
export function linear(x: Value, w: Value, b?: Value): Value {
  const lead = x.shape.slice(0, -1);
  if (lead.filter((dim) => typeof dim === "string").length > 1) return product(x, w, b);
  const rows = rowCount(lead);
  const flat = gemm(reshapeTo(x, [rows, dimOf(x, -1)]), w, {}, b);
  return reshapeTo(flat, [...lead, dimOf(w, -1)]);
}

/** The same for serving, where no flat form can be turned back into the one before. */
function product(x: Value, w: Value, b?: Value): Value {
  const shape = [...x.shape.slice(0, -1), dimOf(w, -1)];
  const y = x.graph.apply("MatMul", [x, w], { shape });
  return b ? x.graph.apply("Add", [y, b], { shape }) : y;
}

/** Batched product with equal leading axes: [..., m, k] [..., k, n] -> [..., m, n]. */
export function matmul(a: Value, b: Value): Value {
  const lead = a.shape.slice(0, -2);
  if (
    a.shape.length < 2 ||
    !sameShape(lead, b.shape.slice(0, -2)) ||
    dimOf(a, -1) !== dimOf(b, -2)
  ) {
    throw new Error(`${showShape(a.shape)} times ${showShape(b.shape)} is no batched product`);
  }
  return a.graph.apply(
    "MatMul",
    [a, b],
    { shape: [...lead, dimOf(a, -2), dimOf(b, -1)] },
    {
      backward: (g) => [matmul(g, swapLast(b)), matmul(swapLast(a), g)],
    },
  );
}

/** Exchanges the last two axes. */
export function swapLast(x: Value): Value {
  const axes = x.shape.map((_, axis) => axis);
  const rank = axes.length;
  return transpose(x, [...axes.slice(0, -2), rank - 1, rank - 2]);
}

function matrixShape(x: Value, flipped = false): [Dim, Dim] {
  const [rows, columns, more] = x.shape;
  if (rows === undefined || columns === undefined || more !== undefined) {
    throw new Error(`${showShape(x.shape)} is no matrix`);
  }
  return flipped ? [columns, rows] : [rows, columns];
}

/** The product of sizes; a symbolic one gives a name of its own to the product. */
function rowCount(shape: Shape): Dim {
  return shape.every((dim) => typeof dim === "number")
    ? shape.reduce<number>((product, dim) => product * dim, 1)
    : shape.join("*");
}
