// How a shopper's stream lies in its tables: a small event writes small rows, not the whole window again.
import type { ShopperStore } from "./shopper-store.ts";
import type { ShopperRow } from "./schema.ts";
import { compareEvents } from "../state/event.ts";
import type { ShopperStream } from "../state/receive.ts";
import { emptyStream } from "../state/receive.ts";

export function readStream(store: ShopperStore, row: ShopperRow | null): ShopperStream {
  const empty = emptyStream();
  if (row === null) return empty;
  const checkpoint = store.readCheckpoint();
  const timestamp = checkpoint?.floor_timestamp ?? null;
  const event_id = checkpoint?.floor_event_id ?? null;
  return {
    checkpoint: checkpoint?.state ?? empty.checkpoint,
    floor: timestamp === null || event_id === null ? null : { timestamp, event_id },
    window: store.readWindow().sort((a, b) => compareEvents(a.event, b.event)),
    watermark: row.watermark,
    late: row.late_events,
    live: row.state,
  };
}

/** Writes what has changed, except the shopper's own row. */
export function writeStream(
  store: ShopperStore,
  before: ShopperStream,
  after: ShopperStream,
): void {
  if (after.watermark === null) {
    store.dropCheckpoint();
    store.clearWindow();
    return;
  }
  const known = new Set(before.window);
  for (const entry of after.window) if (!known.has(entry)) store.addToWindow(entry);
  if (after.checkpoint === before.checkpoint) return;
  store.writeCheckpoint(after);
  if (after.floor !== null) store.dropWindow(after.floor);
}
