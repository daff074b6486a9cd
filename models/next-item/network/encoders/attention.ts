// What the attention encoders share: heads, and a learned bias by distance.
import { lookup } from "../../../graph/ops/lookup.ts";
import { reshape, transpose } from "../../../graph/ops/layout.ts";
import { dimOf, sizeOf } from "../../../graph/shape.ts";
import type { Value } from "../../../graph/graph.ts";
import type { Slots } from "../../data/slots.ts";

/** [batch, length, dim] -> [batch, heads, length, dim / heads]. */
export function splitHeads(x: Value, heads: number): Value {
  const [batch, length, dim] = [dimOf(x, 0), dimOf(x, 1), sizeOf(x, 2)];
  return transpose(reshape(x, [batch, length, heads, dim / heads]), [0, 2, 1, 3]);
}

/** The reverse of `splitHeads`. */
export function joinHeads(x: Value): Value {
  const [batch, heads, length, part] = [dimOf(x, 0), sizeOf(x, 1), dimOf(x, 2), sizeOf(x, 3)];
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, length, heads * part]);
}

/**
 * One bias for each distance i - j (the future, masked anyway, shares distance 0): [1, heads, length, length].
 *
 * @param table [length, heads], for rows of at most so many slots
 */
export function relativeBias(table: Value, slots: Slots): Value {
  const [length, heads] = [sizeOf(table, 0), sizeOf(table, 1)];
  const distances = new BigInt64Array(length * length);
  for (let i = 0; i < length; i++) {
    for (let j = 0; j <= i; j++) distances[i * length + j] = BigInt(i - j);
  }
  const index = table.graph.constant(distances, [length, length], "int64");
  const all = reshape(transpose(lookup(table, index), [2, 0, 1]), [1, heads, length, length]);
  return slots.length === length ? all : corner(all, slots);
}

/** The biases of the first slots, as many as the row turns out to have when the graph runs. */
function corner(biases: Value, { length, position }: Slots): Value {
  const { graph } = biases;
  const attributes = { start: { int: 1 }, end: { int: 2 } };
  const size = graph.apply("Shape", [position], { shape: [1], type: "int64" }, { attributes });
  const ends = graph.apply(
    "Concat",
    [size, size],
    { shape: [2], type: "int64" },
    { attributes: { axis: { int: 0 } } },
  );
  const shape = [...biases.shape.slice(0, 2), length, length];
  return graph.apply("Slice", [biases, graph.ints([0, 0]), ends, graph.ints([2, 3])], { shape });
}
