// The item table inside a serving graph, in one of three number formats. It stands there once: the inputs' vectors are
// gathered from the same constant that the scores are computed with.
import { Graph } from "../../graph/graph.ts";
import { gather, reshape, transpose } from "../../graph/ops/layout.ts";
import { cast } from "../../graph/ops/select.ts";
import { dimOf } from "../../graph/shape.ts";
import type { Value } from "../../graph/graph.ts";
import { BLOCK_ITEMS, byteTable } from "./byte-table.ts";
import type { EmbeddedTable } from "./embedded-table.ts";

export const TABLE_FORMS = ["float32", "float16", "int8"] as const;
export type TableForm = (typeof TABLE_FORMS)[number];

/** Writes `table` [rows, dim] into the graph, in whatever layout suits the form. */
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
  float32: plainTable,
  float16: (graph, table, dim) =>
    halfTable(graph.constant(new Float16Array(table), [table.length / dim, dim], "float16")),
  int8: byteTable,
};

/**
 * One column an item, [1, dim, rows]. For a single state that product reads the table once from front to back, three
 * times as fast as a product with the rows. Of three axes, since runtimes prepack constants of two, in a second copy.
 */
function plainTable(graph: Graph, table: Float32Array, dim: number): EmbeddedTable {
  const rows = table.length / dim;
  const columns = graph.constant(toColumns(table, dim), [1, dim, rows]);
  return {
    rows: (index) => columnsLast(gatherColumns(columns, index)),
    products: (states) => {
      const batch = dimOf(states, 0);
      const products = graph.apply("MatMul", [states, columns], { shape: [1, batch, rows] });
      return reshape(products, [batch, rows]);
    },
  };
}

/** [rows, dim] -> [dim, rows] */
function toColumns(table: Float32Array, dim: number): Float32Array {
  const rows = table.length / dim;
  const columns = new Float32Array(table.length);
  for (let row = 0; row < rows; row++) {
    for (let d = 0; d < dim; d++) columns[d * rows + row] = table[row * dim + d] ?? 0;
  }
  return columns;
}

/** Columns of [1, dim, rows] at `index` [...]: [1, dim, ...]. */
function gatherColumns(table: Value, index: Value): Value {
  const output = { shape: [1, dimOf(table, 1), ...index.shape], type: table.type };
  return table.graph.apply("Gather", [table, index], output, { attributes: { axis: { int: 2 } } });
}

/** [1, dim, ...] -> [..., dim]. */
function columnsLast(gathered: Value): Value {
  const [, dim, ...rest] = gathered.shape;
  const flat = transpose(gathered, [...rest.map((_, axis) => axis + 2), 0, 1]);
  return reshape(flat, [...rest, dim ?? 0]);
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

/** Rows to add so that a table is whole blocks; they are zero. */
export function paddingRows(form: TableForm, rows: number): number {
  const block = { float32: 1, float16: BLOCK_ROWS, int8: BLOCK_ITEMS }[form];
  return Math.ceil(rows / block) * block - rows;
}
