// Normalisation over the last axis.
import { showShape, sizeOf } from "../shape.ts";
import type { Value } from "../graph.ts";
import { add, div, mul, sub } from "./arithmetic.ts";
import { sumTo } from "./broadcast.ts";
import { sqrt } from "./elementwise.ts";
import { reshape } from "./layout.ts";
import { linear } from "./matmul.ts";
import { sum } from "./reduce.ts";

/** Added to a variance before its root is taken, as in PyTorch. */
const LAYER_NORM_EPSILON = 1e-5;
/** Added to a squared length: small against any real one, and the gradient at zero stays finite. */
const LENGTH_EPSILON = 1e-12;

/** Zero mean and unit variance, then gain and bias [dim] (Ba et al., 2016). */
export function layerNorm(x: Value, gain: Value, bias: Value): Value {
  const stats = { shape: [...x.shape.slice(0, -1), 1] };
  const [y, average, inverse] = x.graph.applyMany(
    "LayerNormalization",
    [x, gain, bias],
    [x, stats, stats],
    {
      attributes: { axis: { int: -1 }, epsilon: LAYER_NORM_EPSILON },
      backward: (g) => {
        if (!average || !inverse) throw new Error("LayerNormalization lost its statistics");
        const unit = mul(sub(x, average), inverse);
        const dGain = mul(g, unit);
        // Means over the last axis of g gain and of g unit gain, as products with the gain.
        const share = reshape(mul(gain, 1 / sizeOf(gain, 0)), [sizeOf(gain, 0), 1]);
        const off = add(linear(g, share), mul(unit, linear(dGain, share)));
        const dx = mul(inverse, sub(mul(g, gain), off));
        return [dx, sumTo(dGain, gain.shape), sumTo(g, bias.shape)];
      },
    },
  );
  if (!y) throw new Error(`LayerNormalization of ${showShape(x.shape)} gave nothing`);
  return y;
}

/** Each vector divided by its length. The gradient by the length is in that by `x`, which so has no part along it. */
export function unitLength(x: Value): Value {
  const length = sqrt(add(sum(mul(x, x), [-1], true), LENGTH_EPSILON));
  const y: Value = x.graph.apply("Div", [x, length], x, {
    backward: (g) => [div(sub(g, mul(y, sum(mul(g, y), [-1], true))), length), null],
  });
  return y;
}
