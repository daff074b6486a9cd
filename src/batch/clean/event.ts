// What cleaning takes and gives. Pure: rows in, rows out; nothing here knows a database.
import type { EventRow } from "../../../durable/state/event.ts";

export type { EventRow };

/** All rows of one event, by line. */
export type EventGroup = { head: EventRow; rows: readonly EventRow[] };

/** Why an event is no behaviour of a shopper: it is kept, but apart from those to learn from. */
export type CleaningLabel = "kept" | "bot" | "burst" | "repeat";

/** What cleaning adds to a row. Values that it filled in are marked, so that the log can be told from the guess. */
export const CLEANING = {
  /** The session that the event named, else the one that it goes on with. */
  session: "text",
  session_derived: "boolean",
  price_filled: "boolean",
  category_filled: "boolean",
  brand_filled: "boolean",
  /** What about the row is out of all proportion. */
  outlier: "outlier?",
} as const;

type Value = { text: string; boolean: boolean; "outlier?": "price" | "quantity" | null };

export type CleanRow = EventRow & {
  -readonly [Name in keyof typeof CLEANING]: Value[(typeof CLEANING)[Name]];
};

/** What the catalogue says of an item now. */
export type ItemFacts = { category: string | null; brand: string | null; price: number | null };

/** A shopper's visit as the slice before left it. */
export type CarriedSession = {
  shopper: string;
  /** That an event of it named last. */
  session_id: string | null;
  started_at: number;
  last_at: number;
  /** Events of the visit so far. */
  events: number;
  minute: number;
  in_minute: number;
};

/** Takes rows together by event. Rows of one event need not be neighbours. */
export function groupByEvent(rows: readonly EventRow[]): EventGroup[] {
  const groups = new Map<string, { head: EventRow; rows: EventRow[] }>();
  for (const row of rows) {
    const key = `${row.shopper}\n${row.event_id}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { head: row, rows: [row] });
    else group.rows.push(row);
  }
  return [...groups.values()];
}
