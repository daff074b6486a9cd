// The rows of export files, in the order in which things happened.
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import * as z from "zod";
import { listColumns, Row } from "../batch/export/parquet.ts";

/** Of the export's columns, those that retraining reads. */
const LogRow = Row.omit({ received_at: true, analytics: true, page: true, session_derived: true });

export type LogRow = z.infer<typeof LogRow>;

const COLUMNS = Object.keys(LogRow.shape);

export async function readRows(paths: readonly string[]): Promise<LogRow[]> {
  const rows: LogRow[] = [];
  for (const path of paths) {
    const file = await asyncBufferFromFile(path);
    const columns = await listColumns(file, COLUMNS);
    const read = await parquetReadObjects({ file, columns });
    for (const row of z.array(LogRow).parse(read)) rows.push(row);
  }
  // A late event stands in a later file, but in the sessions at its own time.
  return rows.sort((a, b) => a.timestamp - b.timestamp || a.seq - b.seq);
}
