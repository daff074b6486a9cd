// Clean rows as a Parquet file, and back. One file is one row group: readers skip by day and by file.
import {
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type AsyncBuffer,
} from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import * as z from "zod";
import { EVENT_ROW } from "../../../durable/state/event.ts";
import { mapKinds } from "../../../durable/state/fields.ts";
import type { Currency } from "../../shop/money.ts";
import { CLEANING, type CleanRow } from "../clean/event.ts";
import { COLUMNS } from "./columns.ts";

/** INT64 comes back as bigint; ours are all below 2^53. */
const whole = z.union([z.bigint().transform(Number), z.number()]);
const text = z.string();

/** In the file's own notes: ISO 4217 code, and minor units of one unit. */
const CURRENCY_KEY = "currency";
const SCALE_KEY = "minor_units";

/** A row as the reader gives it, in our types. Files of earlier versions lack fields that came later. */
export const Row = z.object(
  mapKinds(
    { ...EVENT_ROW, ...CLEANING },
    {
      seq: () => whole,
      id: () => text,
      text: () => text,
      "text?": () => text.nullable().default(null),
      name: () => text,
      count: () => whole,
      "count?": () => whole.nullable().default(null),
      rank: () => whole.default(0),
      "quantity?": () => z.number().nullable().default(null),
      "money?": () => whole.nullable().default(null),
      time: () => z.date().transform((date) => date.getTime()),
      flag: () => whole,
      "flag?": () => whole.nullable().default(null),
      boolean: () => z.boolean(),
      "outlier?": () => z.enum(["price", "quantity"]).nullable(),
    },
  ),
) satisfies z.ZodType<CleanRow>;

/**
 * The same rows give the same bytes, whatever order they come in. The file itself says what its prices are, so that it
 * can be read wherever it lies.
 */
export function encodeRows(
  rows: readonly CleanRow[],
  { currency, scale }: Currency,
): Uint8Array<ArrayBuffer> {
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
  const kvMetadata = [
    { key: CURRENCY_KEY, value: currency },
    { key: SCALE_KEY, value: String(scale) },
  ];
  return new Uint8Array(
    parquetWriteBuffer({ columnData, rowGroupSize, createdBy: "millrace", kvMetadata }),
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

/** Those of `columns` that the file has, and its currency: an earlier version did not write all, and no currency. */
export async function describeFile(
  file: AsyncBuffer,
  columns: readonly string[],
): Promise<{ columns: string[]; money: Currency | null }> {
  const metadata = await parquetMetadataAsync(file);
  const present = new Set(parquetSchema(metadata).children.map(({ element }) => element.name));
  const notes = new Map(metadata.key_value_metadata?.map(({ key, value }) => [key, value]));
  const [currency, scale] = [notes.get(CURRENCY_KEY), Number(notes.get(SCALE_KEY))];
  return {
    columns: columns.filter((column) => present.has(column)),
    money: currency !== undefined && scale > 0 ? { currency, scale } : null,
  };
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
