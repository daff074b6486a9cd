// Opens a file of rows, whatever its form: CSV with any separator, JSON by lines or as an array, or Parquet. Gzip and
// other encodings than UTF-8 are understood. It knows nothing of what the columns mean.
import { checkWidth, guessDelimiter, readRows, ROW_FAULTS } from "../../files/delimited.ts";
import {
  JSON_FAULTS,
  readJsonArray,
  readJsonLines,
  type JsonRecord,
} from "../../files/json-records.ts";
import { createTolerantDecoder, readRawLines } from "../../files/lines.ts";
import { openFile } from "../sources/open-file.ts";
import { SourceError } from "../sources/source-event.ts";
import { explainReadError, probeFile } from "../sources/text-file.ts";
import { isParquet, openParquet } from "./parquet-file.ts";
import type { FileRecord, RecordFile } from "./record.ts";

/** Bytes of a line and characters of an object: orders of 200 lines fit. */
const MAX_RECORD = 1_000_000;
/** Objects whose keys are the columns. */
const SAMPLE = 100;
/** Cells of a header are names. */
const NUMBER = /^[\d.,:\s-]+$/;

export async function openRecords(path: string): Promise<RecordFile> {
  probeFile(path);
  if (isParquet(path)) return await openParquet(path);
  const { head } = await openFile(path);
  const start = head.trimStart();
  if (start.startsWith("{") || start.startsWith("[")) {
    const records = () => readJson(path, start.startsWith("["));
    return { form: "json", columns: await sampleKeys(records()), records };
  }
  return await openTable(path, start.split(/\r?\n/, 1)[0] ?? "");
}

async function openTable(path: string, firstLine: string): Promise<RecordFile> {
  const delimiter = guessDelimiter(firstLine);
  const table = readTable(path, delimiter);
  const { value: header } = await table.next();
  await table.return(undefined);
  if (header === undefined) throw new SourceError(`${path} is empty.`);
  const columns = header.kind === "row" ? header.cells.map((cell) => cell.trim()) : [];
  if (columns.every((column) => column === "" || NUMBER.test(column))) {
    throw new SourceError(`${path}: the first line names no columns; add a header.`);
  }
  return { form: "csv", columns, records: () => readRecords(path, delimiter, columns) };
}

async function* readTable(path: string, delimiter: string) {
  const { bytes } = await openFile(path);
  try {
    yield* readRows(readRawLines(bytes, MAX_RECORD, createTolerantDecoder()), delimiter);
  } catch (error) {
    throw explainReadError(path, error);
  }
}

async function* readRecords(
  path: string,
  delimiter: string,
  columns: readonly string[],
): AsyncGenerator<FileRecord> {
  let isHeader = true;
  for await (const row of readTable(path, delimiter)) {
    if (isHeader) isHeader = false;
    else if (row.kind === "bad") {
      yield { kind: "bad", line: row.line, code: row.reason, reason: ROW_FAULTS[row.reason] };
    } else {
      const reason = checkWidth(row.cells, columns);
      if (reason !== null) yield { kind: "bad", line: row.line, code: "wrong_width", reason };
      else {
        const fields = Object.fromEntries(columns.map((name, i) => [name, row.cells[i] ?? ""]));
        yield { kind: "record", line: row.line, fields };
      }
    }
  }
}

async function* readJson(path: string, isArray: boolean): AsyncGenerator<FileRecord> {
  const { bytes } = await openFile(path);
  const read = isArray ? readJsonArray : readJsonLines;
  try {
    for await (const record of read(bytes, MAX_RECORD)) yield toRecord(record);
  } catch (error) {
    throw explainReadError(path, error);
  }
}

function toRecord(record: JsonRecord): FileRecord {
  if (record.kind === "record") return record;
  const { kind, line } = record;
  if (kind === "broken") return { kind: "bad", line, code: "broken_file", reason: record.message };
  return { kind, line, code: record.reason, reason: JSON_FAULTS[record.reason] };
}

async function sampleKeys(records: AsyncIterable<FileRecord>): Promise<string[]> {
  const keys = new Set<string>();
  let seen = 0;
  for await (const record of records) {
    if (record.kind === "record") for (const key of Object.keys(record.fields)) keys.add(key);
    if (++seen >= SAMPLE) break;
  }
  return [...keys];
}
