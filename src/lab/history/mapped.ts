// A row of a table, or a flat object, as an event of one item, by a mapping of its columns.
import { readNumber } from "../../shop/read/number.ts";
import { readId, UNREADABLE } from "../../shop/read/text.ts";
import { deriveEventId } from "../sources/event-id.ts";
import { readHistoryName } from "./event-names.ts";
import { joinRows } from "./join-rows.ts";
import type { HistoryField, Mapping } from "./mapping.ts";
import { dropAbsent, NOTHING_LEFT } from "./record.ts";
import type { Fields, HistoryEvent, HistoryRow, RowReader } from "./record.ts";
import { readHistoryTime } from "./time.ts";

/** @param zone of times that do not say theirs */
export function createMappedReader(mapping: Mapping, zone: string): RowReader {
  return joinRows({
    push: (line, fields) => [readRow(line, fields, mapping, zone)],
    finish: NOTHING_LEFT,
  });
}

function readRow(line: number, fields: Fields, mapping: Mapping, zone: string): HistoryRow {
  const bad = (code: string, reason: string): HistoryRow => ({ kind: "bad", line, code, reason });
  const get = (field: HistoryField) => fields[mapping.columns[field] ?? ""];
  const said = mapping.constants.event ?? readText(get("event"));
  const told = said === undefined ? guessName(mapping) : readHistoryName(said);
  // Tables of sales have what came back as rows of negative pieces.
  const isReturn = told === "purchase" && (readAmount(get("quantity")) ?? 0) < 0;
  const name = isReturn ? "refund" : told;
  if (name === undefined) return bad("unknown_event_name", `There is no event "${said}".`);
  if (name === "ignored") return { kind: "none", line };
  const timestamp = readHistoryTime(get("event_time"), zone);
  if (timestamp === null) return bad("invalid_time", `"${String(get("event_time"))}" is no time.`);
  const who = readWho(get);
  if (who === null) return bad("missing_shopper", "Nothing says who it was.");
  const item_id = readId(get("item_id"));
  if (item_id === UNREADABLE) return bad("invalid_item_id", "The item's id cannot be read.");
  const transaction_id = readText(get("transaction_id"));
  if (item_id === null && name !== "search" && transaction_id === undefined) {
    return bad("missing_items", "Nothing says which item it was.");
  }
  const id = readText(get("event_id"));
  const event: HistoryEvent = {
    event_id: id ?? deriveEventId("history", line, JSON.stringify(Object.values(fields))),
    name,
    timestamp,
    ...who,
    ...dropAbsent({
      value: readValue(get, name),
      currency: mapping.constants.currency ?? readText(get("currency")),
      search_term: readText(get("search_term")),
      transaction_id,
      coupon: readText(get("coupon")),
    }),
    ...(item_id === null ? {} : { items: [{ item_id, ...readLine(get) }] }),
    ...readContext(get),
  };
  // An order without a number is an order of its own.
  if (name === "purchase" && transaction_id === undefined) event.transaction_id = event.event_id;
  return { kind: "event", line, event };
}

type Get = (field: HistoryField) => unknown;

/** A file without a column of events tells of orders, or of looks. */
function guessName({ columns }: Mapping): "purchase" | "view_item" {
  return columns.transaction_id === undefined ? "view_item" : "purchase";
}

/** A row of an order without a customer is a guest whom no other order can be linked to. */
function readWho(get: Get): Pick<HistoryEvent, "user_id" | "anonymous_id" | "session_id"> | null {
  const session_id = readText(get("session_id"));
  const user_id = readText(get("user_id"));
  const order = readText(get("transaction_id"));
  const guest = order === undefined ? undefined : `guest-${order}`;
  const anonymous_id =
    readText(get("anonymous_id")) ?? (user_id ? undefined : (session_id ?? guest));
  if (user_id === undefined && anonymous_id === undefined) return null;
  return dropAbsent({ user_id, anonymous_id, session_id });
}

/** What was given back stands below nothing in tables of sales. */
function readValue(get: Get, name: HistoryEvent["name"]): number | undefined {
  const value = readAmount(get("value"));
  return value === undefined || name !== "refund" ? value : Math.abs(value);
}

function readLine(get: Get) {
  const quantity = readAmount(get("quantity"));
  return dropAbsent({
    price: readAmount(get("price")),
    quantity: quantity === undefined ? undefined : Math.abs(quantity),
    item_variant: readText(get("item_variant")),
    item_group_id: readText(get("item_group_id")),
    item_category: readText(get("item_category")),
    item_brand: readText(get("item_brand")),
    item_list_id: readText(get("item_list_id")),
    index: readAmount(get("index")),
  });
}

function readContext(get: Get): Pick<HistoryEvent, "context"> {
  const context = dropAbsent({
    page: readText(get("page")),
    referrer: readText(get("referrer")),
    country: readText(get("country")),
    device: readText(get("device")),
  });
  return Object.keys(context).length === 0 ? {} : { context };
}

/** What data frames and databases write for nothing. */
const NOTHING = new Set(["", "null", "NULL", "NaN", "nan", "None", "\\N", "NA", "N/A"]);

export function readText(value: unknown): string | undefined {
  const id = readId(value, Number.POSITIVE_INFINITY);
  return id === null || id === UNREADABLE || NOTHING.has(id) ? undefined : id;
}

export function readAmount(value: unknown): number | undefined {
  if (typeof value === "string" && NOTHING.has(value.trim())) return undefined;
  const number = readNumber(value);
  return number === null || number === UNREADABLE ? undefined : number;
}
