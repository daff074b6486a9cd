// What reading a shop's history gives, row by row.
import type { WireEvent, WireLine } from "../simulate/wire.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** A row of a file as its columns have it. */
export type FileRecord =
  /** `line` from 1; of a Parquet file or an array the number of the row. */
  { kind: "record"; line: number; fields: Fields } | BadRow;

export type RecordFile = {
  form: "csv" | "json" | "parquet";
  columns: readonly string[];
  /** May be called again; every pass yields the same. */
  records(): AsyncIterable<FileRecord>;
};

export type HistoryLine = WireLine & {
  item_variant?: string;
  item_group_id?: string;
  coupon?: string;
};

/** An event in the wire form. History knows some shoppers by their user id alone. */
export type HistoryEvent = Omit<WireEvent, "anonymous_id" | "items" | "context"> & {
  anonymous_id?: string;
  items?: HistoryLine[];
  coupon?: string;
  context?: { page?: string; referrer?: string; country?: string; device?: string };
};

/** What a row or several come to. */
export type HistoryRow =
  /** `sent`: the message as it stood in the file, where the Worker understands that. */
  | { kind: "event"; line: number; event: HistoryEvent; sent?: unknown }
  /** Known to tell nothing of shopping. */
  | { kind: "none"; line: number }
  | BadRow;

/** A row that cannot be read: a word for counting, a sentence for people. */
export type BadRow = { kind: "bad"; line: number; code: string; reason: string };

/** From rows to events; most rows are one, some only a part. */
export type RowReader = {
  push(line: number, fields: Fields): HistoryRow[];
  finish(): HistoryRow[];
};

export const NOTHING_LEFT = (): HistoryRow[] => [];

/** The value without keys that say nothing. */
export function dropAbsent<T extends object>(value: T): T {
  const kept = Object.entries(value).filter(
    ([, each]) => each !== undefined && each !== null && each !== "",
  );
  return Object.assign(Object.create(Object.getPrototypeOf(value)), Object.fromEntries(kept));
}
