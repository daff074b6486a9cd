// From export files to the log as models learn from it: events in the order in which they happened, and sessions of
// item events. The one reader, for every night's training and for whoever tries models on an export. Cleaning has
// happened: gaps are filled, bots set aside.
import { OrderBook } from "../../durable/state/orders/order-book.ts";
import { EVENT_TYPES, SessionCollector } from "../../models/next-item/data/event-log.ts";
import type { CollectedLog } from "../../models/next-item/data/event-log.ts";
import type { ChangedItem } from "../catalog/changed-item.ts";
import { readRows, type LogRow } from "./read-rows.ts";
import { toEvent } from "./to-event.ts";
import type { LoggedEvent } from "./to-event.ts";

/** What is known of an item; price in minor units. */
export type KnownItem = { category: string | null; brand: string | null; price: number | null };

/** The vocabulary has items of the log first, then others of the catalogue. */
export type ExportedLog = CollectedLog & {
  events: LoggedEvent[];
  catalogue: readonly ChangedItem[];
  items: ReadonlyMap<string, KnownItem>;
  /** Of one unit of the currency. */
  minorUnits: number;
};

export type ReadOptions = {
  catalogue: readonly ChangedItem[];
  /** Of one unit of the currency, where the files do not say it. */
  minorUnits: number;
  /** Size of the vocabulary up to which items of the catalogue are taken in that the log does not have. */
  most: number;
};

const LEARNED: ReadonlySet<string> = new Set(EVENT_TYPES);

export async function readExports(
  paths: readonly string[],
  { catalogue, most, ...options }: ReadOptions,
): Promise<ExportedLog> {
  const { rows, money } = await readRows(paths);
  const minorUnits = money?.scale ?? options.minorUnits;
  const collector = new SessionCollector();
  const items = new Map<string, KnownItem>();
  const groups = groupByEvent(rows);
  const events = groups.map(toEvent);
  const orders = new OrderBook(events);
  for (const [index, logged] of events.entries()) {
    const { shopper, linked_from, event } = logged;
    // Nobody buys twice for having told it twice, or what went back.
    collector.add({ ...event, items: orders.linesOf(logged), shopper, linked_from });
    const group = groups[index] ?? [];
    if (!LEARNED.has(event.name)) continue;
    for (const row of group) {
      if (row.item_id !== null) items.set(row.item_id, learnItem(row, items.get(row.item_id)));
    }
  }
  for (const item of catalogue) {
    if (items.has(item.item_id) || items.size < most) items.set(item.item_id, item);
  }
  const facts = new Map(
    Array.from(items, ([id, { category, brand, price }]) => [
      id,
      { category, brand, price: price === null ? null : price / minorUnits },
    ]),
  );
  return { events, ...collector.finish(facts), catalogue, items, minorUnits };
}

/** Rows of one event, by line; events in the order of their first rows. */
function groupByEvent(rows: readonly LogRow[]): LogRow[][] {
  const groups = new Map<string, LogRow[]>();
  for (const row of rows) {
    const key = `${row.shopper}\n${row.event_id}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()];
}

/** The latest that is known; a price that was marked as impossible teaches nothing. */
function learnItem(row: LogRow, known: KnownItem | undefined): KnownItem {
  const price = row.outlier === null ? row.price : null;
  return {
    category: row.category ?? known?.category ?? null,
    brand: row.brand ?? known?.brand ?? null,
    price: price ?? known?.price ?? null,
  };
}
