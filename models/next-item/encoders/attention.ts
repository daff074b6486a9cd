// What the attention encoders share: heads, and a learned bias by distance.
import { lookup } from "../../graph/ops/lookup.ts";
import { reshape, transpose } from "../../graph/ops/layout.ts";
import { dimOf, sizeOf } from "../../graph/value.ts";
import type { Value } from "../../graph/value.ts";

/** [batch, length, dim] -> [batch, heads, length, dim / heads]. */
export function splitHeads(x: Value, heads: number): Value {
  const [batch, length, dim] = [dimOf(x, 0), sizeOf(x, 1), sizeOf(x, 2)];
  return transpose(reshape(x, [batch, length, heads, dim / heads]), [0, 2, 1, 3]);
}

/** The reverse of `splitHeads`. */
export function joinHeads(x: Value): Value {
  const [batch, heads, length, part] = [dimOf(x, 0), sizeOf(x, 1), sizeOf(x, 2), sizeOf(x, 3)];
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, length, heads * part]);
}

/** One bias for each distance i - j (the future, masked anyway, shares distance 0): [1, heads, length, length]. */
export function relativeBias(
  table: Value,
  { length, heads }: { length: number; heads: number },
): Value {
  const distances = new BigInt64Array(length * length);
  for (let i = 0; i < length; i++) {
    for (let j = 0; j <= i; j++) distances[i * length + j] = BigInt(i - j);
  }
  const index = table.graph.constant(distances, [length, length], "int64");
  return reshape(transpose(lookup(table, index), [2, 0, 1]), [1, heads, length, length]);
}
