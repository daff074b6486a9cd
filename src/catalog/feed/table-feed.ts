// Items as a table with a header: Google's TSV, the exports of Shopify and WooCommerce, or any CSV whose columns are
// called as the fields are.
import {
  checkWidth,
  guessDelimiter,
  readRows,
  ROW_FAULTS,
  type Row,
} from "../../files/delimited.ts";
import { createTolerantDecoder, readRawLines } from "../../files/lines.ts";
import { isItemId } from "../line/fields.ts";
import { MAX_ITEM, refuseRow, type FeedRow } from "./feed-row.ts";
import { completeGoogle } from "./google.ts";
import { sizeOf, type Cells, type TableReader } from "./table-reader.ts";
import { isShopify, ShopifyProducts } from "./shopify.ts";
import { isWooCommerce, WooProducts } from "./woocommerce.ts";

/** Columns that are named when none is the item's id, at most. */
const COLUMNS_TOLD = 20;

export async function* readTable(
  bytes: AsyncIterable<Uint8Array>,
  header: string,
): AsyncGenerator<FeedRow> {
  const lines = readRawLines(bytes, MAX_ITEM, createTolerantDecoder());
  let columns: string[] | null = null;
  let reader: TableReader | null = null;
  for await (const row of readRows(lines, guessDelimiter(header))) {
    if (reader === null || columns === null) {
      columns = readHeader(row);
      reader = columns === null ? null : chooseReader(columns);
      if (reader !== null) continue;
      const found = (columns ?? []).slice(0, COLUMNS_TOLD).join(", ");
      const message = `No column of the first line is an item's id (item_id, id, sku): ${found || "it is no header"}.`;
      yield { kind: "broken", line: row.line, message };
      return;
    }
    const fault = row.kind === "bad" ? ROW_FAULTS[row.reason] : checkWidth(row.cells, columns);
    if (row.kind === "bad" || fault !== null) {
      yield refuseRow(row.line, "invalid_row", fault ?? "");
    } else yield* reader.push(row.line, toCells(columns, row.cells));
  }
  if (reader !== null) yield* reader.finish();
}

function readHeader(row: Row): string[] | null {
  return row.kind === "row" ? row.cells.map((cell) => cell.trim()) : null;
}

function chooseReader(columns: readonly string[]): TableReader | null {
  if (isShopify(columns)) return new ShopifyProducts();
  if (isWooCommerce(columns)) return new WooProducts();
  if (!columns.some(isItemId)) return null;
  return {
    push: (line, cells) => [
      { kind: "item", line, size: sizeOf(cells), fields: completeGoogle(cells) },
    ],
    finish: () => [],
  };
}

function toCells(columns: readonly string[], cells: readonly string[]): Cells {
  return Object.fromEntries(
    columns.map((column, i) => [column, cells[i] ?? ""]).filter(([column]) => column !== ""),
  );
}
