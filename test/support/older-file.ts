// An exported file as earlier versions wrote it: without a note of its currency, and without columns that came later.
import { parquetWriteBuffer } from "hyparquet-writer";
import type { CleanRow } from "../../src/batch/clean/event.ts";
import { COLUMNS } from "../../src/batch/export/columns.ts";

export function encodeOlder(rows: readonly CleanRow[], missing = ""): Uint8Array<ArrayBuffer> {
  const columnData = COLUMNS.filter(({ name }) => name !== missing).map(({ name, type }) => ({
    name,
    type,
    data: rows.map((row) => {
      const value = row[name];
      if (typeof value !== "number") return value;
      if (type === "TIMESTAMP") return new Date(value);
      return type === "INT64" ? BigInt(value) : value;
    }),
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
