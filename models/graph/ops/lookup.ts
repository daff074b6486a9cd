// Looking up rows of a small table that is a dense parameter (positions, event types, time gaps).
// Large tables stay outside the graph: see optimise/row-gradients.ts.
import { countElements, showShape, sizeOf } from "../shape.ts";
import type { Value } from "../graph.ts";
import { reshapeTo } from "./broadcast.ts";
import { gemm } from "./matmul.ts";

/**
 * Rows of `table` [rows, dim] at `index` (int64, any shape): [...index, dim]. The gradient is one matrix product
 * with the one-hot form of the index, so the table should have no more than some hundred rows.
 */
export function lookup(table: Value, index: Value): Value {
  const { graph } = table;
  if (table.shape.length !== 2) throw new Error(`${showShape(table.shape)} is no table`);
  const [rows, dim] = [sizeOf(table, 0), sizeOf(table, 1)];
  return graph.apply(
    "Gather",
    [table, index],
    { shape: [...index.shape, dim] },
    {
      backward: (g) => {
        const count = countElements(index.shape);
        const offOn = graph.constant(Float32Array.of(0, 1), [2]);
        const oneHot = graph.apply(
          "OneHot",
          [reshapeTo(index, [count]), graph.ints([rows]), offOn],
          { shape: [count, rows] },
        );
        return [gemm(oneHot, reshapeTo(g, [count, dim]), { a: true }), null];
      },
    },
  );
}
