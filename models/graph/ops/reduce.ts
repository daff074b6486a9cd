// Sums, means and log-sum-exp over axes, and softmax with them.
import { sizeOf } from "../shape.ts";
import type { Value } from "../graph.ts";
import { add, mul, sub } from "./arithmetic.ts";
import { reshapeTo, sumAxes } from "./broadcast.ts";
import { exp, log } from "./elementwise.ts";

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

/**
 * Log of the sum of exponentials over the last axis, which goes: [..., n] -> [...]. In parts, since ONNX Runtime's own
 * ReduceLogSumExp is several times slower and keeps the exponentials from the gradient.
 */
export function logSumExp(x: Value): Value {
  const { graph } = x;
  const column = { shape: [...x.shape.slice(0, -1), 1] };
  // Shifting by the largest avoids overflow; the shift cancels out, so no gradient flows through it.
  const shift = graph.apply("ReduceMax", [x, graph.ints([x.shape.length - 1])], column, {
    backward: () => [null],
  });
  const powers = sum(exp(sub(x, shift)), [-1], true);
  return reshapeTo(add(log(powers), shift), x.shape.slice(0, -1));
}

/** Softmax over the last axis. */
export function softmax(x: Value): Value {
  const y: Value = x.graph.apply("Softmax", [x], x, {
    attributes: { axis: { int: -1 } },
    backward: (g) => [mul(y, sub(g, sum(mul(g, y), [-1], true)))],
  });
  return y;
}
