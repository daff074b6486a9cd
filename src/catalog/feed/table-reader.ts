// What a reader of one form of table is given and gives.
import type { FeedRow } from "./feed-row.ts";

/** Cells by the name of their column. */
export type Cells = Readonly<Record<string, string>>;

/** From the rows of one form to items; most rows are one, some only a part. */
export type TableReader = {
  push(line: number, cells: Cells): FeedRow[];
  finish(): FeedRow[];
};

/** Characters. */
export function sizeOf(cells: Cells): number {
  return Object.values(cells).reduce((sum, cell) => sum + cell.length, 0);
}
