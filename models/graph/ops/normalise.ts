// Normalisation over the last axis.
import { showShape } from "../value.ts";
import type { Value } from "../value.ts";
import { add, div, mul, sub } from "./arithmetic.ts";
import { sumTo } from "./broadcast.ts";
import { sqrt } from "./elementwise.ts";
import { mean, sum } from "./reduce.ts";

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
        const dUnit = mul(g, gain);
        const centred = sub(dUnit, mean(dUnit, [-1], true));
        const dx = mul(inverse, sub(centred, mul(unit, mean(mul(dUnit, unit), [-1], true))));
        return [dx, sumTo(mul(g, unit), gain.shape), sumTo(g, bias.shape)];
      },
    },
  );
  if (!y) throw new Error(`LayerNormalization of ${showShape(x.shape)} gave nothing`);
  return y;
}

/** Each vector divided by its length. */
export function unitLength(x: Value): Value {
  return div(x, sqrt(add(sum(mul(x, x), [-1], true), LENGTH_EPSILON)));
}
