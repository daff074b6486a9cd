// LSTM (Hochreiter and Schmidhuber, 1997) with a forget gate.
// Both of its states start from zero wherever a new session starts in the row.
import { add, mul } from "../../../graph/ops/arithmetic.ts";
import { sigmoid, tanh } from "../../../graph/ops/elementwise.ts";
import { split } from "../../../graph/ops/layout.ts";
import { gemm } from "../../../graph/ops/matmul.ts";
import { ZERO, scaledNormal } from "../../../optimise/parameters.ts";
import type { Bound, Parameter } from "../../../optimise/parameters.ts";
import type { Value } from "../../../graph/graph.ts";
import { layerPrefix } from "./encoder.ts";
import type { Encoder } from "./encoder.ts";
import { recur } from "./recurrence.ts";

export const lstm: Encoder = {
  name: "lstm",

  parameters({ dim, layers }) {
    return Array.from({ length: layers }, (_, layer): Parameter[] => {
      const at = layerPrefix(layer);
      return [
        { name: `${at}input`, shape: [dim, 4 * dim], initial: scaledNormal(dim) },
        { name: `${at}input.bias`, shape: [4 * dim], initial: ZERO },
        { name: `${at}state`, shape: [dim, 4 * dim], initial: scaledNormal(dim) },
      ];
    }).flat();
  },

  encode(x, slots, bound, dropout, { layers, dim }) {
    let h = x;
    for (let layer = 0; layer < layers; layer++) {
      const at = layerPrefix(layer);
      const step = (input: Value, [state, memory]: readonly Value[]) =>
        lstmCell(input, state ?? input, memory ?? input, bound, at, dim);
      h = add(h, dropout(recur(h, slots, bound(`${at}input`), bound(`${at}input.bias`), 2, step)));
    }
    return h;
  },
};

/** Remember at first: the forget gate opens at sigmoid(1) = 0.73 (Jozefowicz et al., 2015). */
const FORGET_BIAS = 1;

/** `input` [batch, 4 dim] is already projected; gives the new state and memory, [batch, dim] each. */
function lstmCell(
  input: Value,
  state: Value,
  memory: Value,
  bound: Bound,
  at: string,
  dim: number,
): Value[] {
  const gates = add(input, gemm(state, bound(`${at}state`)));
  const [inGate, forgetGate, outGate, candidate] = split(gates, 1, [dim, dim, dim, dim]);
  if (!inGate || !forgetGate || !outGate || !candidate) throw new Error("an LSTM has four gates");
  const kept = mul(sigmoid(add(forgetGate, FORGET_BIAS)), memory);
  const next = add(kept, mul(sigmoid(inGate), tanh(candidate)));
  return [mul(sigmoid(outGate), tanh(next)), next];
}
