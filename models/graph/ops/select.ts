// Comparison, choice and change of type.
import type { DType } from "../shape.ts";
import type { Value } from "../graph.ts";
import { broadcastShape, sumTo } from "./broadcast.ts";

/** Elementwise equality, bool. No gradient. */
export function equal(a: Value, b: Value): Value {
  return a.graph.apply("Equal", [a, b], { shape: broadcastShape(a.shape, b.shape), type: "bool" });
}

/** Elementwise a >= b, bool. No gradient. */
export function greaterOrEqual(a: Value, b: Value): Value {
  const shape = broadcastShape(a.shape, b.shape);
  return a.graph.apply("GreaterOrEqual", [a, b], { shape, type: "bool" });
}

/** Elementwise conjunction of bools. */
export function and(a: Value, b: Value): Value {
  return a.graph.apply("And", [a, b], { shape: broadcastShape(a.shape, b.shape), type: "bool" });
}

/** `yes` where the condition holds, else `no`. */
export function where(condition: Value, yes: Value, no: Value): Value {
  const { graph } = yes;
  const shape = broadcastShape(condition.shape, broadcastShape(yes.shape, no.shape));
  return graph.apply(
    "Where",
    [condition, yes, no],
    { shape, type: yes.type },
    {
      backward: (g) => {
        const zero = graph.scalar(0);
        const pick = (a: Value, b: Value) => graph.apply("Where", [condition, a, b], g);
        return [null, sumTo(pick(g, zero), yes.shape), sumTo(pick(zero, g), no.shape)];
      },
    },
  );
}

/** The same numbers in another element type. No gradient. */
export function cast(x: Value, type: DType): Value {
  const code = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10 }[type];
  return x.graph.apply(
    "Cast",
    [x],
    { shape: x.shape, type },
    { attributes: { to: { int: code } } },
  );
}
