// A log entry as rows of the events table, one an item line, at least one; and rows as the event they are of.
import type { LogEntry } from "../../durable/contract.ts";
import {
  CONSENT,
  CONTEXT,
  ENVELOPE,
  EVENT,
  EVENT_NAMES,
  ITEM_LINE,
  LINE_COLUMNS,
  type EventRow,
  type ItemLine,
  type ShopEvent,
} from "../../durable/state/event.ts";
import { namesOf, pick, rename, type Renamed } from "../../durable/state/fields.ts";
import type { Cell } from "../d1/insert-rows.ts";

const NAMES = {
  envelope: namesOf(ENVELOPE),
  event: namesOf(EVENT),
  line: namesOf(ITEM_LINE),
  consent: namesOf(CONSENT),
  context: namesOf(CONTEXT),
};
/** The order of the cells of `toEventRows`. */
export const EVENT_COLUMNS = [
  ...NAMES.envelope,
  ...NAMES.event,
  "line",
  ...namesOf(rename(ITEM_LINE, LINE_COLUMNS)),
  ...NAMES.consent,
  ...NAMES.context,
] as const;

export function toEventRows(entry: LogEntry): Cell[][] {
  if (entry.event.items.length === 0) return [toRow(entry, null, 0)];
  return entry.event.items.map((item, line) => toRow(entry, item, line));
}

function toRow(entry: LogEntry, item: ItemLine | null, line: number): Cell[] {
  const cells = [
    ...NAMES.envelope.map((name) => entry[name]),
    ...NAMES.event.map((name) => entry.event[name]),
    line,
    ...NAMES.line.map((name) => item?.[name]),
    ...NAMES.consent.map((name) => entry.consent[name]),
    ...NAMES.context.map((name) => entry.context[name]),
  ];
  return cells.map((cell) => (typeof cell === "boolean" ? Number(cell) : (cell ?? null)));
}

/** Columns from which an event can be told, line by line. */
export type EventCells = Pick<EventRow, keyof typeof EVENT | LineColumn | "line">;

type LineColumn = keyof Renamed<typeof ITEM_LINE, typeof LINE_COLUMNS>;

/** @param rows of one event, at least one, in any order. Throws for a name that no event has. */
export function toEvent(rows: readonly EventCells[]): ShopEvent {
  const [head] = rows;
  const name = EVENT_NAMES.find((each) => each === head?.name);
  if (head === undefined || name === undefined) throw new Error(`no event is a ${head?.name}`);
  const items = rows.toSorted((a, b) => a.line - b.line).flatMap(toLine);
  return { ...pick(head, EVENT, {}), name, items };
}

/** None for the row of an event without items. */
function toLine(row: EventCells): ItemLine[] {
  const { item_id, ...line } = pick(row, ITEM_LINE, LINE_COLUMNS);
  return item_id === null ? [] : [{ ...line, item_id }];
}
