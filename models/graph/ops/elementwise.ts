// Elementwise functions of one tensor, activations among them.
import type { Value } from "../graph.ts";
import { add, div, mul, sub } from "./arithmetic.ts";

export function exp(x: Value): Value {
  const y: Value = unary("Exp", x, (g) => mul(g, y));
  return y;
}

export function log(x: Value): Value {
  return unary("Log", x, (g) => div(g, x));
}

export function sqrt(x: Value): Value {
  const y: Value = unary("Sqrt", x, (g) => div(mul(g, 0.5), y));
  return y;
}

export function square(x: Value): Value {
  return mul(x, x);
}

export function sigmoid(x: Value): Value {
  const y: Value = unary("Sigmoid", x, (g) => mul(g, mul(y, sub(x.graph.scalar(1), y))));
  return y;
}

export function tanh(x: Value): Value {
  const y: Value = unary("Tanh", x, (g) => mul(g, sub(x.graph.scalar(1), mul(y, y))));
  return y;
}

export function relu(x: Value): Value {
  return unary("Relu", x, (g) => {
    const on = x.graph.apply("Greater", [x, x.graph.scalar(0)], { shape: x.shape, type: "bool" });
    return x.graph.apply("Where", [on, g, x.graph.scalar(0)], g);
  });
}

/** log(1 + exp(x)), without overflow. */
export function softplus(x: Value): Value {
  return unary("Softplus", x, (g) => mul(g, sigmoid(x)));
}

/** y = x sigmoid(x) (Elfwing et al., 2017). Its derivative is sigmoid(x) (1 + x - y). */
export function silu(x: Value): Value {
  const s = sigmoid(x);
  const y: Value = x.graph.apply("Mul", [x, s], x, {
    backward: (g) => [mul(g, mul(s, add(sub(x, y), 1))), null],
  });
  return y;
}

/** x Phi(x), with the normal distribution function Phi (Hendrycks and Gimpel, 2016). */
export function gelu(x: Value): Value {
  const phi = mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5);
  return mul(x, phi);
}

/** The error function; its derivative is 2 / sqrt(pi) exp(-x^2). */
export function erf(x: Value): Value {
  return unary("Erf", x, (g) => mul(g, mul(exp(mul(mul(x, x), -1)), 2 / Math.sqrt(Math.PI))));
}

function unary(op: string, x: Value, backward: (g: Value) => Value): Value {
  return x.graph.apply(op, [x], x, { backward: (g) => [backward(g)] });
}
