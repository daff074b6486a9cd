// Clean rows as a Parquet file, and back. One file is one row group: readers skip by day and by file.
import { parquetReadObjects, type AsyncBuffer } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import * as z from "zod";
import type { CleanRow } from "../clean/event.ts";
import { COLUMNS } from "./columns.ts";

const text = z.string().nullable();
/** INT64 comes back as bigint; ours are all below 2^53. */
const whole = z.union([z.bigint().transform(Number), z.number()]);
const time = z.date().transform((date) => date.getTime());

/** A row as the reader gives it, in our types. */
export const Row = z.object({
  seq: whole,
  shopper: z.string(),
  event_id: z.string(),
  line: whole,
  name: z.string(),
  timestamp: time,
  received_at: time,
  session_id: text,
  item_id: text,
  price: whole.nullable(),
  quantity: whole.nullable(),
  category: text,
  brand: text,
  list_id: text,
  list_index: whole.nullable(),
  value: whole.nullable(),
  search_term: text,
  transaction_id: text,
  recommendation_id: text,
  linked_from: text,
  analytics: whole,
  personalization: whole,
  country: text,
  device: text,
  referrer: text,
  page: text,
  session: z.string(),
  session_derived: z.boolean(),
  price_filled: z.boolean(),
  category_filled: z.boolean(),
  brand_filled: z.boolean(),
  outlier: z.enum(["price", "quantity"]).nullable(),
}) satisfies z.ZodType<CleanRow>;

/** The same rows give the same bytes, whatever order they come in. */
export function encodeRows(rows: readonly CleanRow[]): Uint8Array<ArrayBuffer> {
  // By time, so that readers of a part of the day skip pages and neighbours look alike.
  const sorted = rows.toSorted((a, b) => a.timestamp - b.timestamp || a.seq - b.seq);
  const columnData = COLUMNS.map(({ name, type, nullable }) => ({
    name,
    type,
    nullable,
    data: sorted.map((row) => toCell(row[name], type)),
    // Lets an erasure skip the files that never heard of the shopper.
    bloomFilter: name === "shopper",
  }));
  const rowGroupSize = Math.max(1, sorted.length);
  return new Uint8Array(
    parquetWriteBuffer({ columnData, rowGroupSize, createdBy: "millrace", kvMetadata: [] }),
  );
}

function toCell(value: CleanRow[keyof CleanRow], type: string) {
  if (value === null) return null;
  if (type === "INT64" && typeof value === "number") return BigInt(value);
  if (type === "TIMESTAMP" && typeof value === "number") return new Date(value);
  return value;
}

/** Throws where the bytes are no export of ours. */
export async function decodeRows(bytes: ArrayBuffer): Promise<CleanRow[]> {
  const rows = await parquetReadObjects({ file: bytes });
  return z.array(Row).parse(rows);
}

/** Whether any row may be of one of these shoppers: reads the footer and the Bloom filter, and the column if need be. */
export async function mayHold(file: AsyncBuffer, shoppers: readonly string[]): Promise<boolean> {
  const rows = await parquetReadObjects({
    file,
    columns: ["shopper"],
    filter: { shopper: { $in: [...shoppers] } },
    useBloomFilters: true,
  });
  return rows.length > 0;
}
