// The rows of export files, in the order in which things happened.
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import * as z from "zod";
import { Row } from "../batch/export/parquet.ts";

/** Of the export's columns, those that retraining reads. */
const LogRow = Row.pick({
  seq: true,
  shopper: true,
  event_id: true,
  line: true,
  session: true,
  session_id: true,
  name: true,
  timestamp: true,
  item_id: true,
  price: true,
  price_filled: true,
  quantity: true,
  category: true,
  category_filled: true,
  brand: true,
  brand_filled: true,
  list_id: true,
  list_index: true,
  value: true,
  search_term: true,
  transaction_id: true,
  recommendation_id: true,
  linked_from: true,
  personalization: true,
  country: true,
  device: true,
  referrer: true,
  outlier: true,
});

export type LogRow = z.infer<typeof LogRow>;

const COLUMNS = Object.keys(LogRow.shape);

export async function readRows(paths: readonly string[]): Promise<LogRow[]> {
  const rows: LogRow[] = [];
  for (const path of paths) {
    const file = await asyncBufferFromFile(path);
    const read = await parquetReadObjects({ file, columns: COLUMNS });
    for (const row of z.array(LogRow).parse(read)) rows.push(row);
  }
  // A late event stands in a later file, but in the sessions at its own time.
  return rows.sort((a, b) => a.timestamp - b.timestamp || a.seq - b.seq);
}
