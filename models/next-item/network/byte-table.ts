// The item table as int8: a quarter of the memory, and products of integers.
import type { Graph, Value } from "../../graph/graph.ts";
import { add, mul, sub } from "../../graph/ops/arithmetic.ts";
import { concat, gather, reshape, transpose } from "../../graph/ops/layout.ts";
import { cast } from "../../graph/ops/select.ts";
import { dimOf } from "../../graph/shape.ts";
import { quantiseRows } from "./quantise.ts";
import type { EmbeddedTable } from "./embedded-table.ts";

/**
 * Where zero lies in the quantised bytes. Products of unsigned bytes are those that runtimes do fast: signed ones are
 * slow in WASM, and unsigned by signed overflow in the native kernels of older processors.
 */
const BYTE_ZERO = 128;

/**
 * Items of a block, [dim, BLOCK_ITEMS]. The product copies some items of all dimensions at a time: in a block they lie
 * close together; in one table of many columns they lie so far apart that it takes several times as long.
 */
export const BLOCK_ITEMS = 256;

/**
 * Symmetric int8 with one scale an item; the states are quantised likewise.
 *
 * @param table [rows, dim], whole blocks
 */
export function byteTable(graph: Graph, table: Float32Array, dim: number): EmbeddedTable {
  const { values, scales } = quantiseRows(table, dim);
  const rows = scales.length;
  const blocks = rows / BLOCK_ITEMS;
  const bytes = graph.constant(layBlocks(values, dim), [blocks, dim, BLOCK_ITEMS], "uint8");
  const rowScales = graph.constant(scales, [rows]);
  return {
    rows: (index) => {
      const small = gatherItems(bytes, index, dim);
      const scale = reshape(gather(rowScales, index), [...index.shape, 1]);
      return mul(sub(cast(small, "float32"), BYTE_ZERO), scale);
    },
    products: (states) => {
      const batch = dimOf(states, 0);
      const { small, scale } = quantise(states);
      const zero = graph.constant(Uint8Array.of(BYTE_ZERO), [], "uint8");
      const products = graph.apply("MatMulInteger", [small, bytes, zero, zero], {
        shape: [blocks, batch, BLOCK_ITEMS],
        type: "int32",
      });
      const row = reshape(transpose(products, [1, 0, 2]), [batch, rows]);
      return mul(mul(cast(row, "float32"), rowScales), scale);
    },
  };
}

/** [rows, dim] as unsigned [blocks, dim, BLOCK_ITEMS]. */
function layBlocks(values: Int8Array, dim: number): Uint8Array {
  const bytes = new Uint8Array(values.length);
  for (const [at, value] of values.entries()) {
    const [item, d] = [Math.floor(at / dim), at % dim];
    const block = Math.floor(item / BLOCK_ITEMS);
    bytes[(block * dim + d) * BLOCK_ITEMS + (item % BLOCK_ITEMS)] = value + BYTE_ZERO;
  }
  return bytes;
}

/** The bytes of the items at int64 `index` [...]: uint8 [..., dim]. */
function gatherItems(bytes: Value, index: Value, dim: number): Value {
  const { graph } = bytes;
  const wide = graph.constant(BigInt64Array.of(BigInt(BLOCK_ITEMS)), [], "int64");
  const each = reshape(index, [...index.shape, 1, 1]);
  const [block, column] = ["Div", "Mod"].map((op) => graph.apply(op, [each, wide], each));
  if (!block || !column) throw new Error("an item has a block and a column");
  const dims = graph.constant(
    BigInt64Array.from({ length: dim }, (_, d) => BigInt(d)),
    [dim, 1],
    "int64",
  );
  // Sums repeat what they are added to: [..., dim, 1] each.
  const none = graph.constant(new BigInt64Array(dim), [dim, 1], "int64");
  const zero = sub(each, each);
  const last = index.shape.length + 1;
  const indexes = concat([add(block, none), add(zero, dims), add(column, none)], last);
  return graph.apply("GatherND", [bytes, indexes], { shape: [...index.shape, dim], type: "uint8" });
}

/** A vector's largest element becomes 127. */
function quantise(states: Value): { small: Value; scale: Value } {
  const { graph } = states;
  const column = { shape: [dimOf(states, 0), 1] };
  const sizes = graph.apply("Abs", [states], states);
  const scale = mul(graph.apply("ReduceMax", [sizes, graph.ints([1])], column), 1 / 127);
  const rounded = graph.apply("Round", [graph.apply("Div", [states, scale], states)], states);
  return { small: cast(add(rounded, BYTE_ZERO), "uint8"), scale };
}
