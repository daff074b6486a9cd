// Sums, means and log-sum-exp over axes, and softmax with them.
import { sizeOf } from "../value.ts";
import type { Value } from "../value.ts";
import { mul, sub } from "./arithmetic.ts";
import { reshapeTo, sumAxes } from "./broadcast.ts";
import { exp } from "./elementwise.ts";

/** Sum over the given axes (negative ones count from the end), or over all. */
export function sum(x: Value, axes?: readonly number[], keep = false): Value {
  const all = x.shape.map((_, axis) => axis);
  return sumAxes(x, axes ? axes.map((axis) => (axis < 0 ? axis + all.length : axis)) : all, keep);
}

export function mean(x: Value, axes?: readonly number[], keep = false): Value {
  const over = axes ?? x.shape.map((_, axis) => axis);
  const count = over.reduce((product, axis) => product * sizeOf(x, axis), 1);
  return mul(sum(x, over, keep), 1 / count);
}

/** Log of the sum of exponentials over the last axis, which goes: [..., n] -> [...]. */
export function logSumExp(x: Value): Value {
  const { graph } = x;
  const shape = x.shape.slice(0, -1);
  const y: Value = graph.apply(
    "ReduceLogSumExp",
    [x, graph.ints([x.shape.length - 1])],
    { shape },
    {
      attributes: { keepdims: { int: 0 } },
      backward: (g) => {
        const column = (v: Value) => reshapeTo(v, [...shape, 1]);
        return [mul(exp(sub(x, column(y))), column(g)), null];
      },
    },
  );
  return y;
}

/** Softmax over the last axis. */
export function softmax(x: Value): Value {
  const y: Value = x.graph.apply("Softmax", [x], x, {
    attributes: { axis: { int: -1 } },
    backward: (g) => [mul(y, sub(g, sum(mul(g, y), [-1], true)))],
  });
  return y;
}
