// Brings stock from the log to the catalogue. The message is a wake-up call only: the level that holds is what the fold
// says of the item's stock_updates in the log, so neither disorder nor a message that comes twice sets an old one, and
// not one from before the shop set the stock by other means.
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { EventRow } from "../../../durable/state/event.ts";
import { writeStock } from "../../catalog/write-items.ts";
import type { Level } from "../../catalog/write-items.ts";
import { toEvent } from "../event-rows.ts";
import type { QueueMessage } from "../message.ts";
import { events } from "../schema.ts";

/**
 * Rows read of each item, latest first: an item may have thousands, and of those with the latest level the fold takes
 * one. More than one only where several claim the same moment.
 */
const LATEST = 8;

/** Ids of items whose stock these messages speak of. */
export function listRestocked(messages: readonly QueueMessage[]): string[] {
  const ids = messages
    .flatMap((message) => (message.kind === "events" ? message.entries : []))
    .filter((entry) => entry.event.name === "stock_update")
    .flatMap((entry) => entry.event.items.map((item) => item.item_id));
  return [...new Set(ids)];
}

export async function takeLevels(database: D1Database, item_ids: readonly string[]): Promise<void> {
  if (item_ids.length === 0) return;
  const rows = await drizzle(database).all<EventRow>(sql`
    select e.* from json_each(${JSON.stringify(item_ids)}) item
    join ${events} e on e.seq in (
      select seq from ${events} indexed by events_of_stock
      where name = 'stock_update' and item_id = item.value
      order by timestamp desc, event_id desc, line limit ${LATEST})`);
  await writeStock(database, foldLevels(rows));
}

/** The latest word of each item, whatever came first. @param rows in any order */
function foldLevels(rows: readonly EventRow[]): Level[] {
  const levels = new Map<string, { level: Level; event_id: string }>();
  for (const row of rows.toSorted((a, b) => a.line - b.line)) {
    const event = toEvent([row]);
    for (const { item_id, quantity } of event.items) {
      if (event.name !== "stock_update" || quantity === null) continue;
      const known = levels.get(item_id);
      const { timestamp: at, event_id } = event;
      const isOlder =
        known !== undefined &&
        (at < known.level.at || (at === known.level.at && event_id <= known.event_id));
      if (!isOlder) levels.set(item_id, { level: { item_id, stock: quantity, at }, event_id });
    }
  }
  return Array.from(levels.values(), ({ level }) => level);
}
