// Elementwise arithmetic with broadcasting.
import type { Value } from "../value.ts";
import { broadcastShape, sumTo } from "./broadcast.ts";

export function add(a: Value, b: Value | number): Value {
  const y = lift(a, b);
  return binary("Add", a, y, (g) => [g, g]);
}

export function sub(a: Value, b: Value | number): Value {
  const y = lift(a, b);
  return binary("Sub", a, y, (g) => [g, neg(g)]);
}

export function mul(a: Value, b: Value | number): Value {
  const y = lift(a, b);
  return binary("Mul", a, y, (g) => [mul(g, y), mul(g, a)]);
}

export function div(a: Value, b: Value | number): Value {
  const y = lift(a, b);
  const quotient: Value = binary("Div", a, y, (g) => {
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
  return binary("Max", a, b, (g) => {
    const aWins = a.graph.apply("GreaterOrEqual", [a, b], { shape: g.shape, type: "bool" });
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

/** `backward` works on the broadcast shape; the sums back to each operand's own shape are made here. */
function binary(op: string, a: Value, b: Value, backward: (g: Value) => [Value, Value]): Value {
  const shape = broadcastShape(a.shape, b.shape);
  return a.graph.apply(
    op,
    [a, b],
    { shape, type: a.type },
    {
      backward: (g) => {
        const [da, db] = backward(g);
        return [sumTo(da, a.shape), sumTo(db, b.shape)];
      },
    },
  );
}
