// The columns of an exported Parquet file: every column of the log, then what cleaning added.
// Money is in minor units of the shop's currency; times are UTC.
import type { BasicType } from "hyparquet-writer";
import type { CleanRow } from "../clean/event.ts";

type Column = { name: keyof CleanRow; type: BasicType; nullable: boolean };

/** Columns of the log, in its order; their values are what verification compares. */
export const LOG_COLUMNS = [
  { name: "seq", type: "INT64", nullable: false },
  { name: "shopper", type: "STRING", nullable: false },
  { name: "event_id", type: "STRING", nullable: false },
  { name: "line", type: "INT32", nullable: false },
  { name: "name", type: "STRING", nullable: false },
  { name: "timestamp", type: "TIMESTAMP", nullable: false },
  { name: "received_at", type: "TIMESTAMP", nullable: false },
  { name: "session_id", type: "STRING", nullable: true },
  { name: "item_id", type: "STRING", nullable: true },
  { name: "price", type: "INT64", nullable: true },
  { name: "quantity", type: "INT32", nullable: true },
  { name: "category", type: "STRING", nullable: true },
  { name: "brand", type: "STRING", nullable: true },
  { name: "list_id", type: "STRING", nullable: true },
  { name: "list_index", type: "INT32", nullable: true },
  { name: "value", type: "INT64", nullable: true },
  { name: "search_term", type: "STRING", nullable: true },
  { name: "transaction_id", type: "STRING", nullable: true },
  { name: "recommendation_id", type: "STRING", nullable: true },
  { name: "linked_from", type: "STRING", nullable: true },
  { name: "analytics", type: "INT32", nullable: false },
  { name: "personalization", type: "INT32", nullable: false },
  { name: "country", type: "STRING", nullable: true },
  { name: "device", type: "STRING", nullable: true },
  { name: "referrer", type: "STRING", nullable: true },
  { name: "page", type: "STRING", nullable: true },
] as const satisfies readonly Column[];

export const COLUMNS: readonly Column[] = [
  ...LOG_COLUMNS,
  { name: "session", type: "STRING", nullable: false },
  { name: "session_derived", type: "BOOLEAN", nullable: false },
  { name: "price_filled", type: "BOOLEAN", nullable: false },
  { name: "category_filled", type: "BOOLEAN", nullable: false },
  { name: "brand_filled", type: "BOOLEAN", nullable: false },
  { name: "outlier", type: "STRING", nullable: true },
];
