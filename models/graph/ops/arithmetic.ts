// Elementwise arithmetic with broadcasting.
import { sameShape } from "../shape.ts";
import type { Value } from "../graph.ts";
import { broadcastShape, sumTo } from "./broadcast.ts";

export function add(a: Value, b: Value | number): Value {
  return binary("Add", a, lift(a, b), (g) => [g, g]);
}

export function sub(a: Value, b: Value | number): Value {
  return binary("Sub", a, lift(a, b), (g) => [g, neg(g)]);
}

export function mul(a: Value, b: Value | number): Value {
  return binary("Mul", a, lift(a, b), (g, x, y) => [mul(g, y), mul(g, x)]);
}

export function div(a: Value, b: Value | number): Value {
  const quotient: Value = binary("Div", a, lift(a, b), (g, _, y) => {
    const da = div(g, y);
    return [da, neg(mul(da, quotient))];
  });
  return quotient;
}

export function neg(x: Value): Value {
  return x.graph.apply("Neg", [x], x, { backward: (g) => [neg(g)] });
}

/** The larger of both; where they are equal the gradient goes to `a`. */
export function maximum(a: Value, b: Value): Value {
  return binary("Max", a, b, (g, x, y) => {
    const aWins = a.graph.apply("GreaterOrEqual", [x, y], { shape: g.shape, type: "bool" });
    const zero = a.graph.scalar(0);
    return [
      a.graph.apply("Where", [aWins, g, zero], g),
      a.graph.apply("Where", [aWins, zero, g], g),
    ];
  });
}

function lift(like: Value, x: Value | number): Value {
  return typeof x === "number" ? like.graph.scalar(x) : x;
}

/** Gets the gradient of the result and both operands; gives their gradients before they are summed to size. */
type BinaryBackward = (g: Value, a: Value, b: Value) => [Value, Value];

function binary(op: string, left: Value, right: Value, backward: BinaryBackward): Value {
  const shape = broadcastShape(left.shape, right.shape);
  const a = unexpanded(left, right);
  const b = unexpanded(right, a);
  return a.graph.apply(
    op,
    [a, b],
    { shape, type: a.type },
    {
      backward: (g) => {
        const [da, db] = backward(g, a, b);
        return [sumTo(da, a.shape), sumTo(db, b.shape)];
      },
    },
  );
}

/** An operand that was only repeated to meet the other one need not be: the op itself broadcasts. */
function unexpanded(x: Value, other: Value): Value {
  const source = x.producer?.op === "Expand" ? x.producer.inputs[0] : undefined;
  if (!source) return x;
  const shape = broadcastShape(x.shape, other.shape);
  return sameShape(broadcastShape(source.shape, other.shape), shape) ? source : x;
}
