// Messages in a form that the Worker itself understands: our events, Segment's, GA4's. They are sent as they stand; here
// they are read only as far as sorting and showing them takes.
import { adapt } from "../../ingest/adapters/adapt.ts";
import { expand } from "../../ingest/expand.ts";
import { readEventName } from "../../ingest/names.ts";
import { UNREADABLE } from "../../shop/read/text.ts";
import { readTime } from "../../shop/read/time.ts";
import { deriveEventId } from "../sources/event-id.ts";
import { readAmount, readText } from "./mapped.ts";
import { dropAbsent, NOTHING_LEFT } from "./record.ts";
import type { Fields, HistoryEvent, HistoryLine, HistoryRow, RowReader } from "./record.ts";

export const messageReader: RowReader = {
  push: (line, fields) => unwrap(fields).map((row) => readMessage(line, row)),
  finish: NOTHING_LEFT,
};

/** Whether a row of an unknown file is such a message: it tells of goods in a way that is known. */
export function isMessage(fields: Fields): boolean {
  return messageReader
    .push(1, fields)
    .some((row) => row.kind === "event" && (row.event.items ?? []).length > 0);
}

/** A line may be a whole request body, or one of what `npm run simulate` writes. */
function unwrap(fields: Fields): unknown[] {
  if (isObject(fields["item"]) && Object.keys(fields).length === 1) return [];
  if (isObject(fields["event"]) && Object.keys(fields).length === 1) return [fields["event"]];
  return expand(fields) ?? [];
}

function readMessage(line: number, row: unknown): HistoryRow {
  const bad = (code: string, reason: string): HistoryRow => ({ kind: "bad", line, code, reason });
  const adapted = adapt(row);
  if (adapted.kind === "ignored") return { kind: "none", line };
  if (adapted.kind === "none") return bad("invalid_event", "It is no message of a shop.");
  const { fields } = adapted;
  const said = readText(fields["name"]);
  const name = said === undefined ? undefined : readEventName(said);
  if (name === "ignored") return { kind: "none", line };
  if (name === undefined) return bad("unknown_event_name", `There is no event "${said ?? ""}".`);
  const timestamp = readTime(fields["timestamp"]);
  if (timestamp === null || timestamp === UNREADABLE)
    return bad("invalid_time", "Nothing says when it was.");
  const items = Array.isArray(fields["items"]) ? fields["items"].flatMap(readLine) : [];
  const event: HistoryEvent = {
    event_id:
      readText(fields["event_id"]) ?? deriveEventId("message", line, JSON.stringify(fields)),
    name,
    timestamp,
    ...dropAbsent({
      anonymous_id: readText(fields["anonymous_id"]),
      user_id: readText(fields["user_id"]),
      session_id: readText(fields["session_id"]),
      value: readAmount(fields["value"]),
      currency: readText(fields["currency"]),
      search_term: readText(fields["search_term"]),
      transaction_id: readText(fields["transaction_id"]),
    }),
    ...(items.length === 0 ? {} : { items }),
  };
  return { kind: "event", line, event, sent: row };
}

function readLine(item: unknown): HistoryLine[] {
  if (!isObject(item)) return [];
  const fields: Fields = { ...item };
  const item_id = readText(fields["item_id"]);
  if (item_id === undefined) return [];
  const line = dropAbsent({
    price: readAmount(fields["price"]),
    quantity: readAmount(fields["quantity"]),
    item_category: readText(fields["item_category"]),
    item_brand: readText(fields["item_brand"]),
  });
  return [{ item_id, ...line }];
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
