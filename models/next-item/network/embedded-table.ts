// What a serving graph asks of the item table inside it, whatever its number format.
import type { Value } from "../../graph/graph.ts";

export type EmbeddedTable = {
  /** Rows at int64 indices [...]: float32 [..., dim]. */
  rows: (index: Value) => Value;
  /** Inner products with every row: [batch, dim] -> [batch, rows]. */
  products: (states: Value) => Value;
};
