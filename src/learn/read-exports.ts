// From export files to the log as models learn from it: events in the order in which they happened, and sessions of
// item events. Cleaning has happened: sessions are told, gaps filled.
import type { ShopEvent } from "../../durable/state/event.ts";
import type { NextItemData, SessionSequence } from "../../models/next-item/data/dataset.ts";
import { EVENT_TYPES, SessionCollector } from "../../models/next-item/data/event-log.ts";
import type { ChangedItem } from "../catalog/changed-item.ts";
import type { Visit } from "../live/segment-trends.ts";
import { readRows, type LogRow } from "./read-rows.ts";
import { toEvent } from "./to-event.ts";

/** An event as the Worker took it, with where its visit came from. */
export type LoggedEvent = {
  shopper: string;
  /** On an `identify`: who turned out to be this shopper. */
  linked_from: string | null;
  /** Whether the shopper's state may know of it. */
  personalization: boolean;
  event: ShopEvent;
  visit: Visit;
};

/** What is known of an item; price in minor units. */
export type KnownItem = { category: string | null; brand: string | null; price: number | null };

export type ExportedLog = {
  events: LoggedEvent[];
  data: NextItemData;
  /** Items of the log first, then others of the catalogue. */
  vocabulary: string[];
  catalogue: readonly ChangedItem[];
  items: ReadonlyMap<string, KnownItem>;
  /** Numbers of the events that a session's steps were made of, in their order. */
  ordinals: ReadonlyMap<SessionSequence, readonly number[]>;
};

export type ReadOptions = {
  catalogue: readonly ChangedItem[];
  /** Of one unit of the currency. */
  minorUnits: number;
  /** Size of the vocabulary up to which items of the catalogue are taken in that the log does not have. */
  most: number;
};

export async function readExports(
  paths: readonly string[],
  { catalogue, minorUnits, most }: ReadOptions,
): Promise<ExportedLog> {
  const rows = await readRows(paths);
  const collector = new SessionCollector();
  const items = new Map<string, KnownItem>();
  const events: LoggedEvent[] = [];
  const ordinals = new Map<SessionSequence, number[]>();
  for (const group of groupByEvent(rows)) {
    const ordinal = events.length;
    events.push(toEvent(group));
    for (const row of group) {
      const type = EVENT_TYPES.find((name) => name === row.name);
      if (row.item_id === null || type === undefined) continue;
      const { session, at } = collector.add({
        shopper: row.shopper,
        session: `${row.shopper}\n${row.session}`,
        item: row.item_id,
        type,
        timestamp: row.timestamp,
      });
      const indexes = ordinals.get(session) ?? [];
      indexes[at] = ordinal;
      ordinals.set(session, indexes);
      items.set(row.item_id, learnItem(row, items.get(row.item_id)));
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
  return { events, ...collector.finish(facts), catalogue, items, ordinals };
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
