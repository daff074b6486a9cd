// Rows of a table that are lines of one order, one below the other, as one event. Rows apart are parts of an order, which
// the fold joins; but of one item in two of them it could not tell a second piece from a repetition.
import { MAX_ITEMS } from "../../ingest/read/limits.ts";
import type { HistoryEvent, HistoryRow, RowReader } from "./record.ts";

type EventRow = Extract<HistoryRow, { kind: "event" }>;

/** @param reader gives rows of at most one line */
export function joinRows(reader: RowReader): RowReader {
  let held: EventRow[] = [];

  function flush(): HistoryRow[] {
    const rows = held;
    held = [];
    const [first] = rows;
    if (first === undefined || rows.length === 1) return rows;
    return [{ ...first, event: joinEvents(first.event, rows) }];
  }

  function take(row: HistoryRow): HistoryRow[] {
    if (row.kind !== "event" || !isOrder(row.event)) return [...flush(), row];
    const [first] = held;
    const isPart = first !== undefined && held.length < MAX_ITEMS && isSame(first.event, row.event);
    const done = isPart ? [] : flush();
    held.push(row);
    return done;
  }

  return {
    push: (line, fields) => reader.push(line, fields).flatMap(take),
    finish: () => [...reader.finish().flatMap(take), ...flush()],
  };
}

function isOrder({ name, transaction_id }: HistoryEvent): boolean {
  return (name === "purchase" || name === "refund") && transaction_id !== undefined;
}

function isSame(a: HistoryEvent, b: HistoryEvent): boolean {
  return (
    a.name === b.name &&
    a.transaction_id === b.transaction_id &&
    a.user_id === b.user_id &&
    a.anonymous_id === b.anonymous_id
  );
}

function joinEvents(first: HistoryEvent, rows: readonly EventRow[]): HistoryEvent {
  const items = rows.flatMap(({ event }) => event.items ?? []);
  const value = joinValues(rows.map(({ event }) => event));
  const { value: _, ...rest } = first;
  return { ...rest, items, ...(value === undefined ? {} : { value }) };
}

/** The order's total stands in each of its rows, or in the first; else a row has that of its line. */
function joinValues(events: readonly HistoryEvent[]): number | undefined {
  const values = events.flatMap(({ value }) => value ?? []);
  const isOfLines = values.length === events.length && events.every(isLineTotal);
  if (new Set(values).size <= 1 && !isOfLines) return values[0];
  return values.reduce((sum, value) => sum + value, 0);
}

function isLineTotal({ value = 0, items = [] }: HistoryEvent): boolean {
  return items.every(
    ({ price, quantity = 1 }) => price !== undefined && Math.abs(price * quantity - value) < CENT,
  );
}

const CENT = 0.01;
