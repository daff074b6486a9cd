// GRU4Rec (Hidasi et al., ICLR 2016): a gated recurrent unit (Cho et al., 2014) over the session.
// The state starts from zero wherever a new session starts in the row.
import { add, mul, sub } from "../../../graph/ops/arithmetic.ts";
import { sigmoid, tanh } from "../../../graph/ops/elementwise.ts";
import { split } from "../../../graph/ops/layout.ts";
import { gemm } from "../../../graph/ops/matmul.ts";
import { ZERO, scaledNormal } from "../../../optimise/parameters.ts";
import type { Bound, Parameter } from "../../../optimise/parameters.ts";
import type { Value } from "../../../graph/graph.ts";
import { layerPrefix } from "./encoder.ts";
import type { Encoder } from "./encoder.ts";
import { recur } from "./recurrence.ts";

export const gru: Encoder = {
  name: "gru",

  parameters({ dim, layers }) {
    return Array.from({ length: layers }, (_, layer): Parameter[] => {
      const at = layerPrefix(layer);
      return [
        { name: `${at}input`, shape: [dim, 3 * dim], initial: scaledNormal(dim) },
        { name: `${at}input.bias`, shape: [3 * dim], initial: ZERO },
        { name: `${at}state`, shape: [dim, 3 * dim], initial: scaledNormal(dim) },
        { name: `${at}state.bias`, shape: [3 * dim], initial: ZERO },
      ];
    }).flat();
  },

  encode(x, slots, bound, dropout, { layers, dim }) {
    let h = x;
    for (let layer = 0; layer < layers; layer++) {
      const at = layerPrefix(layer);
      const step = (input: Value, [state]: readonly Value[]) => [
        gruCell(input, state ?? input, bound, at, dim),
      ];
      h = add(h, dropout(recur(h, slots, bound(`${at}input`), bound(`${at}input.bias`), 1, step)));
    }
    return h;
  },
};

/** `input` [batch, 3 dim] is already projected; `state` [batch, dim]. */
function gruCell(input: Value, state: Value, bound: Bound, at: string, dim: number): Value {
  const parts = [dim, dim, dim];
  const [resetIn, updateIn, candidateIn] = split(input, 1, parts);
  const recurrent = gemm(state, bound(`${at}state`), {}, bound(`${at}state.bias`));
  const [resetBy, updateBy, candidateBy] = split(recurrent, 1, parts);
  if (!resetIn || !updateIn || !candidateIn || !resetBy || !updateBy || !candidateBy) {
    throw new Error("a GRU has three gates");
  }
  const reset = sigmoid(add(resetIn, resetBy));
  const update = sigmoid(add(updateIn, updateBy));
  const candidate = tanh(add(candidateIn, mul(reset, candidateBy)));
  return add(candidate, mul(update, sub(state, candidate)));
}
