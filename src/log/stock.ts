// Brings stock from the log to the catalogue. The message is a wake-up call only: the level that holds is that of
// the item's latest stock_update, so neither disorder nor a message that comes twice sets an old one, and not one from
// before the shop set the stock by other means.
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { writeStock } from "../catalog/write-items.ts";
import type { Level } from "../catalog/write-items.ts";
import type { QueueMessage } from "./message.ts";
import { events } from "./schema.ts";

/** Ids of items whose stock these messages speak of. */
export function listRestocked(messages: readonly QueueMessage[]): string[] {
  const ids = messages
    .flatMap((message) => (message.kind === "events" ? message.entries : []))
    .filter((entry) => entry.event.name === "stock_update")
    .flatMap((entry) => entry.event.items.map((item) => item.item_id));
  return [...new Set(ids)];
}

export async function refreshStock(
  database: D1Database,
  item_ids: readonly string[],
): Promise<void> {
  if (item_ids.length === 0) return;
  // SQLite takes `quantity` from the row that has the max(); of equal times, from any.
  const levels = await drizzle(database).all<Level>(sql`
    select item_id, quantity as stock, max(timestamp) as at from ${events} indexed by events_of_stock
    where name = 'stock_update' and item_id in (select value from json_each(${JSON.stringify(item_ids)}))
    group by item_id`);
  await writeStock(database, levels);
}
