// NextItNet (Yuan et al., WSDM 2019): causal convolutions, dilated further in each layer, with residual blocks.
import { add } from "../../../graph/ops/arithmetic.ts";
import { relu } from "../../../graph/ops/elementwise.ts";
import { concat } from "../../../graph/ops/layout.ts";
import { linear } from "../../../graph/ops/matmul.ts";
import { layerNorm } from "../../../graph/ops/normalise.ts";
import { ONE, ZERO, scaledNormal } from "../../../optimise/parameters.ts";
import type { Parameter } from "../../../optimise/parameters.ts";
import type { Value } from "../../../graph/graph.ts";
import { earlier } from "../../data/slots.ts";
import type { Slots } from "../../data/slots.ts";
import { layerPrefix } from "./encoder.ts";
import type { Encoder } from "./encoder.ts";

/** Events that one filter sees. */
const KERNEL = 3;

export const nextitnet: Encoder = {
  name: "nextitnet",

  parameters({ dim, layers }) {
    return Array.from({ length: 2 * layers }, (_, layer): Parameter[] => {
      const at = layerPrefix(layer);
      return [
        { name: `${at}norm.gain`, shape: [dim], initial: ONE },
        { name: `${at}norm.bias`, shape: [dim], initial: ZERO },
        { name: `${at}filter`, shape: [KERNEL * dim, dim], initial: scaledNormal(KERNEL * dim) },
        { name: `${at}filter.bias`, shape: [dim], initial: ZERO },
        { name: `${at}out`, shape: [dim, dim], initial: scaledNormal(4 * dim) },
      ];
    }).flat();
  },

  /** Each configured layer is a pair of convolutions with dilations 1 and 3: together they see 9 events. */
  encode(x, slots, bound, dropout, { layers, length }) {
    let h = x;
    for (let layer = 0; layer < 2 * layers; layer++) {
      const at = layerPrefix(layer);
      const dilation = layer % 2 === 0 ? 1 : KERNEL;
      const normed = layerNorm(h, bound(`${at}norm.gain`), bound(`${at}norm.bias`));
      const seen = window(normed, slots, dilation, length - 1);
      const filtered = relu(linear(seen, bound(`${at}filter`), bound(`${at}filter.bias`)));
      h = add(h, dropout(linear(filtered, bound(`${at}out`))));
    }
    return h;
  },
};

/** The event and its predecessors at the given distance, but no further, side by side: [batch, length, KERNEL dim]. */
function window(x: Value, slots: Slots, dilation: number, furthest: number): Value {
  const [first, ...rest] = Array.from({ length: KERNEL }, (_, tap) => {
    const by = Math.min(tap * dilation, furthest);
    return earlier(x, slots, by);
  });
  if (!first) throw new Error("a filter sees at least one event");
  return concat([first, ...rest], 2);
}
