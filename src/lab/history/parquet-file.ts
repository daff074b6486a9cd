// A Parquet file as a file of rows: its columns, and its values as JSON would have them.
import { closeSync, openSync, readSync } from "node:fs";
import { asyncBufferFromFile, parquetMetadataAsync } from "hyparquet";
import { readParquetRows } from "../sources/parquet-rows.ts";
import { explainReadError } from "../sources/text-file.ts";
import type { FileRecord, RecordFile } from "./record.ts";

const MAGIC = "PAR1";

export function isParquet(path: string): boolean {
  const head = new Uint8Array(MAGIC.length);
  const file = openSync(path, "r");
  try {
    readSync(file, head, 0, head.length, 0);
  } finally {
    closeSync(file);
  }
  return new TextDecoder().decode(head) === MAGIC;
}

export async function openParquet(path: string): Promise<RecordFile> {
  try {
    const { schema } = await parquetMetadataAsync(await asyncBufferFromFile(path));
    const columns: string[] = [];
    // The schema is a tree in preorder; its root's children are the columns.
    let at = 1;
    for (let child = 0; child < (schema[0]?.num_children ?? 0); child++) {
      columns.push(schema[at]?.name ?? "");
      at = skipSubtree(schema, at);
    }
    return { form: "parquet", columns, records: () => readParquet(path) };
  } catch (error) {
    throw explainReadError(path, error);
  }
}

async function* readParquet(path: string): AsyncGenerator<FileRecord> {
  let line = 0;
  for await (const row of readParquetRows(path)) {
    line += 1;
    const fields = Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, toPlain(value)]),
    );
    yield { kind: "record", line, fields };
  }
}

/** Values as JSON would have them: whole numbers that are too large for a number as their digits, times as text. */
function toPlain(value: unknown): unknown {
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toPlain(each)]));
}

type Schema = readonly { num_children?: number }[];

function skipSubtree(schema: Schema, at: number): number {
  let next = at + 1;
  for (let child = 0; child < (schema[at]?.num_children ?? 0); child++) {
    next = skipSubtree(schema, next);
  }
  return next;
}
