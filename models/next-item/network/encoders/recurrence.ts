// Runs a recurrent cell over the slots of a row. The input projection is done for all slots at once.
import { Graph } from "../../../graph/graph.ts";
import { mul } from "../../../graph/ops/arithmetic.ts";
import { concat, last, reshape, split } from "../../../graph/ops/layout.ts";
import { linear } from "../../../graph/ops/matmul.ts";
import { sizeOf } from "../../../graph/shape.ts";
import type { Value } from "../../../graph/graph.ts";
import { continues } from "../../data/slots.ts";
import type { Slots } from "../../data/slots.ts";

/** From one slot's projected input and the states before it to the states after it; the first one is the output. */
type Cell = (input: Value, states: readonly Value[]) => Value[];

/** `states` says how many states of width dim the cell carries. Gives [batch, length, dim]. */
export function recur(
  x: Value,
  slots: Slots,
  weights: Value,
  bias: Value,
  states: number,
  cell: Cell,
): Value {
  const inputs = linear(x, weights, bias);
  const carries = continues(slots, 1);
  // Zeros of the batch's size, also where that is known only at run time.
  const nothing = mul(last(x, 1), 0);
  const before = Array.from({ length: states }, () => nothing);
  const { length } = slots;
  return typeof length === "number"
    ? unroll(inputs, carries, before, cell, length)
    : scan(inputs, carries, before, cell);
}

/** A cell of its own for each slot: gradients find their way back through it. */
function unroll(
  all: Value,
  continued: Value,
  before: readonly Value[],
  cell: Cell,
  length: number,
): Value {
  const [batch = 1, , wide = 1] = all.shape;
  const each = Array.from({ length }, () => 1);
  const carries = split(continued, 1, each);
  let current = before;
  const outputs = split(all, 1, each).map((input, t) => {
    const carry = carries[t];
    if (!carry) throw new Error(`slot ${t} has no carry`);
    const kept = reshape(carry, [batch, 1]);
    const states = t === 0 ? current : current.map((state) => mul(state, kept));
    current = cell(reshape(input, [batch, wide]), states);
    const [output] = current;
    if (!output) throw new Error("the cell gave no state");
    return reshape(output, [batch, 1, sizeOf(output, 1)]);
  });
  const [first, ...rest] = outputs;
  if (!first) throw new Error("a row has at least one slot");
  return concat([first, ...rest], 1);
}

/** One cell that goes from slot to slot when the graph runs, over rows of any length. No gradient. */
function scan(all: Value, continued: Value, before: readonly Value[], cell: Cell): Value {
  const [batch = 1, length = 1, wide = 1] = all.shape;
  const body = new Graph();
  const states = before.map(({ shape }, i) => body.input(`state_${i}`, shape));
  const input = body.input("input", [batch, wide]);
  const carry = body.input("carry", [batch, 1]);
  const after = cell(
    input,
    states.map((state) => mul(state, carry)),
  );
  const [output] = after;
  if (!output) throw new Error("the cell gave no state");
  after.forEach((state, i) => body.output(`next_${i}`, state));
  body.output("output", output);
  const shapes = [...after.map(({ shape }) => shape), [batch, length, sizeOf(output, 1)]];
  const results = all.graph.applyMany(
    "Scan",
    [...before, all, continued],
    shapes.map((shape) => ({ shape })),
    {
      attributes: {
        body: { graph: body },
        num_scan_inputs: { int: 2 },
        scan_input_axes: [1, 1],
        scan_output_axes: [1],
      },
    },
  );
  const outputs = results.at(-1);
  if (!outputs) throw new Error("a scan gives its states and its outputs");
  return outputs;
}
