// The rows of export files, in the order in which things happened.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import * as z from "zod";
import { describeFile, Row } from "../batch/export/parquet.ts";
import type { Currency } from "../shop/money.ts";

/** Of the export's columns, those that retraining reads. */
const LogRow = Row.omit({
  received_at: true,
  analytics: true,
  page: true,
  session: true,
  session_derived: true,
});

export type LogRow = z.infer<typeof LogRow>;

/** `money` is null where no file says it: earlier versions wrote files that do not. */
export type ExportedRows = { rows: LogRow[]; money: Currency | null };

const COLUMNS = Object.keys(LogRow.shape);

/** The files of an export, or of a copy of it; throws, with a sentence, where there are none. */
export function listParts(folder: string): string[] {
  const parts = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".parquet"))
    .toSorted();
  if (parts.length === 0) throw new Error(`${folder} holds no .parquet part of an export.`);
  return parts.map((name) => join(folder, name));
}

/** Throws, with a sentence, where a file is no event log or not in the currency of the others. */
export async function readRows(paths: readonly string[]): Promise<ExportedRows> {
  const rows: LogRow[] = [];
  let money: Currency | null = null;
  for (const path of paths) {
    const file = await asyncBufferFromFile(path);
    const described = await describeFile(file, COLUMNS);
    money = agree(path, money, described.money);
    const read = await parquetReadObjects({ file, columns: described.columns });
    for (const row of parseRows(path, read)) rows.push(row);
  }
  // A late event stands in a later file, but in the sessions at its own time.
  rows.sort((a, b) => a.timestamp - b.timestamp || a.seq - b.seq);
  return { rows, money };
}

function parseRows(path: string, read: unknown): LogRow[] {
  const rows = z.array(LogRow).safeParse(read);
  if (rows.success) return rows.data;
  const [issue] = rows.error.issues;
  throw new Error(`${path} is no event log: ${issue?.path.join(".")}: ${issue?.message}.`);
}

function agree(path: string, known: Currency | null, told: Currency | null): Currency | null {
  if (known === null || told === null) return known ?? told;
  if (known.currency === told.currency && known.scale === told.scale) return known;
  throw new Error(`${path} has prices in ${told.currency}, files before it in ${known.currency}.`);
}
