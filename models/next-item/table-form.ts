// The item table inside a serving graph, in one of three number formats. It stands there once: the rows are gathered
// from the same constant that the scores are computed with, and that constant is the left factor of the product,
// which ONNX Runtime neither transposes nor repacks at load time.
import { Graph } from "../graph/graph.ts";
import { mul } from "../graph/ops/arithmetic.ts";
import { gather, reshape, transpose } from "../graph/ops/layout.ts";
import { cast } from "../graph/ops/select.ts";
import { dimOf } from "../graph/value.ts";
import type { Value } from "../graph/value.ts";
import { quantiseRows, toFloat16 } from "./quantise.ts";

export const TABLE_FORMS = ["float32", "float16", "int8"] as const;
export type TableForm = (typeof TABLE_FORMS)[number];

export type EmbeddedTable = {
  /** Rows at int64 indices [...]: float32 [..., dim]. */
  rows(index: Value): Value;
  /** Inner products with every row: [batch, dim] -> [batch, rows]. */
  products(states: Value): Value;
};

/** Writes `table` [rows, dim] into the graph. */
export function embedTable(
  graph: Graph,
  form: TableForm,
  table: Float32Array,
  dim: number,
): EmbeddedTable {
  return EMBED[form](graph, table, dim);
}

type Embed = (graph: Graph, table: Float32Array, dim: number) => EmbeddedTable;

const EMBED: Record<TableForm, Embed> = {
  float32: (graph, table, dim) => plainTable(graph.constant(table, [table.length / dim, dim])),
  float16: (graph, table, dim) =>
    halfTable(graph.constant(toFloat16(table), [table.length / dim, dim], "float16")),
  int8: byteTable,
};

function plainTable(table: Value): EmbeddedTable {
  return {
    rows: (index) => gather(table, index),
    products: (states) => {
      const shape = [dimOf(table, 0), dimOf(states, 0)];
      const columns = table.graph.apply("MatMul", [table, transpose(states, [1, 0])], { shape });
      return transpose(columns, [1, 0]);
    },
  };
}

/** Rows that are widened to float32 at a time: a block of 64-wide vectors fits the L2 cache. */
const BLOCK_ROWS = 2048;

/**
 * A plain Cast of the constant would be folded at load time into a float32 table beside it. A Scan over blocks is
 * not folded, and only one block is wide at a time.
 */
function halfTable(table: Value): EmbeddedTable {
  const { graph } = table;
  return {
    rows: (index) => cast(gather(table, index), "float32"),
    products: (states) => scanBlocks(graph, table, transpose(states, [1, 0])),
  };
}

function scanBlocks(graph: Graph, table: Value, columns: Value): Value {
  const [rows, dim, batch] = [Number(dimOf(table, 0)), dimOf(table, 1), dimOf(columns, 1)];
  const blocks = Math.floor(rows / BLOCK_ROWS);
  const data = graph.constants.get(table);
  if (!data || rows % BLOCK_ROWS !== 0) throw new Error(`${rows} rows are not whole blocks`);
  const stacked = reshape(table, [blocks, BLOCK_ROWS, Number(dim)]);

  const body = new Graph();
  const block = body.input("block", [BLOCK_ROWS, dim], "float16");
  const wide = cast(block, "float32");
  body.output("products", body.apply("MatMul", [wide, columns], { shape: [BLOCK_ROWS, batch] }));
  const products = graph.apply(
    "Scan",
    [stacked],
    { shape: [blocks, BLOCK_ROWS, batch] },
    {
      attributes: { body: { graph: body }, num_scan_inputs: { int: 1 } },
    },
  );
  return transpose(reshape(products, [rows, batch]), [1, 0]);
}

/** Symmetric int8 with one scale a row; the states are quantised likewise, so the product is one of integers. */
function byteTable(graph: Graph, table: Float32Array, dim: number): EmbeddedTable {
  const { values, scales } = quantiseRows(table, dim);
  const rows = scales.length;
  const bytes = graph.constant(values, [rows, dim], "int8");
  const rowScales = graph.constant(scales, [rows, 1]);
  return {
    rows: (index) => mul(cast(gather(bytes, index), "float32"), gather(rowScales, index)),
    products: (states) => {
      const batch = dimOf(states, 0);
      const largest = graph.apply(
        "ReduceMax",
        [graph.apply("Abs", [states], states), graph.ints([1])],
        {
          shape: [batch, 1],
        },
      );
      const stateScales = mul(largest, 1 / 127);
      const ratio = graph.apply("Div", [states, stateScales], states);
      const small = cast(graph.apply("Round", [ratio], states), "int8");
      const products = graph.apply("MatMulInteger", [bytes, transpose(small, [1, 0])], {
        shape: [rows, batch],
        type: "int32",
      });
      const scaled = mul(mul(cast(products, "float32"), rowScales), transpose(stateScales, [1, 0]));
      return transpose(scaled, [1, 0]);
    },
  };
}

/** Rows to add so that a table is whole blocks; they are zero. */
export function paddingRows(form: TableForm, rows: number): number {
  return form === "float16" ? (BLOCK_ROWS - (rows % BLOCK_ROWS)) % BLOCK_ROWS : 0;
}
