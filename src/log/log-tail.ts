// Follows the log as it grows, for whoever keeps a live view of it in memory.
import { asc, desc, gt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { events } from "./schema.ts";

/**
 * Of rows after `afterSeq`, in the order in which the log took them, what live views are made of; at most `limit` rows.
 * The last one's `seq` is where to go on.
 */
export async function readLogTail(database: D1Database, afterSeq: number, limit: number) {
  return await drizzle(database)
    .select({
      seq: events.seq,
      shopper: events.shopper,
      event_id: events.event_id,
      name: events.name,
      timestamp: events.timestamp,
      session_id: events.session_id,
      linked_from: events.linked_from,
      transaction_id: events.transaction_id,
      item_id: events.item_id,
      item_variant: events.item_variant,
      country: events.country,
      device: events.device,
      referrer: events.referrer,
    })
    .from(events)
    .where(gt(events.seq, afterSeq))
    .orderBy(asc(events.seq))
    .limit(limit);
}

/** The newest row's `seq`, 0 for an empty log. */
export async function readLastSeq(database: D1Database): Promise<number> {
  const [row] = await drizzle(database)
    .select({ seq: events.seq })
    .from(events)
    .orderBy(desc(events.seq))
    .limit(1);
  return row?.seq ?? 0;
}
