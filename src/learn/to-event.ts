// An event as the shopper's fold took it, out of its rows in the export: what cleaning filled in is left out again.
import { EVENT_NAMES } from "../../durable/state/event.ts";
import type { ItemLine } from "../../durable/state/event.ts";
import type { LoggedEvent } from "./read-exports.ts";
import type { LogRow } from "./read-rows.ts";

/** @param rows of one event, at least one. Throws for a name that no event has. */
export function toEvent(rows: readonly LogRow[]): LoggedEvent {
  const [head] = rows;
  const name = EVENT_NAMES.find((each) => each === head?.name);
  if (head === undefined || name === undefined) throw new Error(`no event is a ${head?.name}`);
  const { shopper, linked_from, country, device, referrer } = head;
  const { event_id, timestamp, session_id, value, search_term } = head;
  const { transaction_id, recommendation_id } = head;
  const items = rows.toSorted((a, b) => a.line - b.line).flatMap(toLine);
  return {
    shopper,
    linked_from,
    personalization: head.personalization === 1,
    event: {
      event_id,
      name,
      timestamp,
      session_id,
      items,
      value,
      search_term,
      transaction_id,
      recommendation_id,
    },
    visit: { country, device, referrer },
  };
}

function toLine(row: LogRow): ItemLine[] {
  if (row.item_id === null) return [];
  return [
    {
      item_id: row.item_id,
      price: row.price_filled ? null : row.price,
      quantity: row.quantity ?? 1,
      category: row.category_filled ? null : row.category,
      brand: row.brand_filled ? null : row.brand,
      list_id: row.list_id,
      index: row.list_index,
    },
  ];
}
