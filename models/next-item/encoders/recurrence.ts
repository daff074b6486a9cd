// Unrolls a recurrent cell over the slots of a row. The input projection is done for all slots at once.
import { mul } from "../../graph/ops/arithmetic.ts";
import { concat, reshape, slice, split } from "../../graph/ops/layout.ts";
import { linear } from "../../graph/ops/matmul.ts";
import { dimOf, sizeOf } from "../../graph/value.ts";
import type { Value } from "../../graph/value.ts";
import { continues } from "../slots.ts";
import type { Slots } from "../slots.ts";

/** From one slot's projected input and the states before it to the states after it; the first one is the output. */
type Cell = (input: Value, states: readonly Value[]) => Value[];

/** `states` says how many states of width dim the cell carries. Gives [batch, length, dim]. */
export function unroll(
  x: Value,
  slots: Slots,
  weights: Value,
  bias: Value,
  states: number,
  cell: Cell,
): Value {
  const { batch, length } = slots;
  const dim = sizeOf(x, -1);
  const each = Array.from({ length }, () => 1);
  const wide = sizeOf(weights, 1);
  const inputs = split(linear(x, weights, bias), 1, each);
  const carries = split(continues(slots, 1), 1, each);

  // Zeros of the batch's size, also where that is known only at run time.
  const nothing = mul(reshape(slice(x, 1, 0, 1), [dimOf(x, 0), dim]), 0);
  let current = Array.from({ length: states }, () => nothing);
  const outputs = inputs.map((input, t) => {
    const carry = carries[t];
    if (!carry) throw new Error(`slot ${t} has no carry`);
    const kept = reshape(carry, [batch, 1]);
    const before = t === 0 ? current : current.map((state) => mul(state, kept));
    current = cell(reshape(input, [batch, wide]), before);
    const [output] = current;
    if (!output) throw new Error("the cell gave no state");
    return reshape(output, [batch, 1, dim]);
  });
  const [first, ...rest] = outputs;
  if (!first) throw new Error("a row has at least one slot");
  return concat([first, ...rest], 1);
}
