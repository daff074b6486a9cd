// A log entry as rows of the events table: one an item line, at least one.
import type { LogEntry } from "../../durable/contract.ts";
import type { ItemLine } from "../../durable/state/event.ts";
import type { Cell } from "../d1/insert-rows.ts";

/** The order of the cells of `toEventRows`. */
export const EVENT_COLUMNS = [
  "shopper",
  "event_id",
  "line",
  "name",
  "timestamp",
  "received_at",
  "session_id",
  "item_id",
  "price",
  "quantity",
  "category",
  "brand",
  "list_id",
  "list_index",
  "value",
  "search_term",
  "transaction_id",
  "recommendation_id",
  "linked_from",
  "analytics",
  "personalization",
  "country",
  "device",
  "referrer",
  "page",
] as const;

export function toEventRows(entry: LogEntry): Cell[][] {
  if (entry.event.items.length === 0) return [toRow(entry, null, 0)];
  return entry.event.items.map((item, line) => toRow(entry, item, line));
}

function toRow(
  { shopper, linked_from, event, consent, context, received_at }: LogEntry,
  item: ItemLine | null,
  line: number,
): Cell[] {
  return [
    shopper,
    event.event_id,
    line,
    event.name,
    event.timestamp,
    received_at,
    event.session_id,
    item?.item_id ?? null,
    item?.price ?? null,
    item?.quantity ?? null,
    item?.category ?? null,
    item?.brand ?? null,
    item?.list_id ?? null,
    item?.index ?? null,
    event.value,
    event.search_term,
    event.transaction_id,
    event.recommendation_id,
    linked_from,
    consent.analytics ? 1 : 0,
    consent.personalization ? 1 : 0,
    context.country,
    context.device,
    context.referrer,
    context.page,
  ];
}
