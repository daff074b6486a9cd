// Rows of GA4's export to BigQuery, as JSON or Parquet: event parameters are a list of keys and typed values.
import { readEventName } from "../../ingest/names.ts";
import { deriveEventId } from "../sources/event-id.ts";
import { readAmount, readText } from "./mapped.ts";
import { dropAbsent, NOTHING_LEFT } from "./record.ts";
import type { Fields, HistoryEvent, HistoryLine, HistoryRow, RowReader } from "./record.ts";

export function isGa4Export(columns: readonly string[]): boolean {
  return ["event_name", "event_timestamp", "event_params"].every((name) => columns.includes(name));
}

export const ga4Reader: RowReader = {
  push: (line, fields) => [readRow(line, fields)],
  finish: NOTHING_LEFT,
};

/** What GA4 writes for nothing. */
const NOT_SET = "(not set)";
const PARAM_VALUES = ["string_value", "int_value", "float_value", "double_value"];

function readRow(line: number, row: Fields): HistoryRow {
  const bad = (code: string, reason: string): HistoryRow => ({ kind: "bad", line, code, reason });
  const said = readText(row["event_name"]) ?? "";
  const name = readEventName(said);
  // Shops' own events are many, and none of them is one of ours by another name.
  if (name === undefined || name === "ignored") return { kind: "none", line };
  const micros = readAmount(row["event_timestamp"]);
  if (micros === undefined) return bad("invalid_time", "event_timestamp: is no time.");
  const anonymous_id = readText(row["user_pseudo_id"]);
  const user_id = readText(row["user_id"]);
  if (anonymous_id === undefined && user_id === undefined) {
    return bad("missing_shopper", "Neither user_pseudo_id nor user_id says who it was.");
  }
  const params = readParams(row["event_params"]);
  const ecommerce = readFields(row["ecommerce"]);
  const items = unwrapList(row["items"]).flatMap((item) => readItem(readFields(item)));
  const event: HistoryEvent = {
    event_id: deriveEventId("ga4", line, JSON.stringify([said, micros, anonymous_id, user_id])),
    name,
    timestamp: Math.floor(micros / 1000),
    ...dropAbsent({
      anonymous_id,
      user_id,
      session_id: toSession(anonymous_id, params.get("ga_session_id")),
      value: readAmount(params.get("value")) ?? readAmount(ecommerce["purchase_revenue"]),
      currency: readText(params.get("currency")),
      search_term: readText(params.get("search_term")),
      transaction_id: readSet(params.get("transaction_id") ?? ecommerce["transaction_id"]),
      coupon: readSet(params.get("coupon")),
    }),
    ...(items.length === 0 ? {} : { items }),
    context: dropAbsent({
      page: readText(params.get("page_location")),
      referrer: readText(params.get("page_referrer")),
      device: readSet(readFields(row["device"])["category"]),
    }),
  };
  return { kind: "event", line, event };
}

/** Two visitors may have one number of a session: it is the second in which it began. */
function toSession(visitor: string | undefined, session: unknown): string | undefined {
  const id = readText(session);
  return id === undefined ? undefined : `${visitor ?? ""}.${id}`;
}

function readItem(item: Fields): HistoryLine[] {
  const item_id = readSet(item["item_id"]) ?? readSet(item["item_name"]);
  if (item_id === undefined) return [];
  const line = dropAbsent({
    price: readAmount(item["price"]),
    quantity: readAmount(item["quantity"]),
    item_variant: readSet(item["item_variant"]),
    item_category: readSet(item["item_category"]),
    item_brand: readSet(item["item_brand"]),
    item_list_id: readSet(item["item_list_id"]),
    index: readAmount(item["item_list_index"]),
    coupon: readSet(item["coupon"]),
  });
  return [{ item_id, ...line }];
}

function readParams(value: unknown): Map<string, unknown> {
  const params = new Map<string, unknown>();
  for (const each of unwrapList(value)) {
    const { key, value: typed } = readFields(each);
    const values = readFields(typed);
    const name = PARAM_VALUES.find((form) => values[form] !== null && values[form] !== undefined);
    if (typeof key === "string" && name !== undefined) params.set(key, values[name]);
  }
  return params;
}

/** Some writers of Parquet put a list into `{list: [{element: ...}]}`. */
function unwrapList(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  const { list } = readFields(value);
  if (!Array.isArray(list)) return [];
  return list.map(
    (each: unknown) => readFields(each)["element"] ?? readFields(each)["item"] ?? each,
  );
}

function readSet(value: unknown): string | undefined {
  const text = readText(value);
  return text === NOT_SET ? undefined : text;
}

function readFields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
