// How a shopper's stream lies in its tables: a small event writes small rows, not the whole window again.
import type { ShopperStore } from "./shopper-store.ts";
import type { ShopperRow } from "./schema.ts";
import { compareEvents, type EventPosition } from "../state/event.ts";
import type { ShopperStream } from "../state/receive.ts";
import { emptyStream } from "../state/receive.ts";

export function readStream(store: ShopperStore, row: ShopperRow | null): ShopperStream {
  const empty = emptyStream();
  if (row === null) return empty;
  const checkpoint = store.readCheckpoint();
  return {
    checkpoint: checkpoint?.state ?? empty.checkpoint,
    floor: readFloor(checkpoint),
    window: store.readWindow().sort((a, b) => compareEvents(a.event, b.event)),
    watermark: row.watermark,
    late: row.late_events,
    live: row.state,
  };
}

function readFloor(checkpoint: ReturnType<ShopperStore["readCheckpoint"]>): EventPosition | null {
  const { floor_timestamp: timestamp = null, floor_event_id: event_id = null } = checkpoint ?? {};
  if (timestamp === null || event_id === null) return null;
  // Those of versions that had no name came by time and id alone.
  const { floor_tie: tie, floor_name: name } = checkpoint ?? {};
  return { timestamp, event_id, tie: tie ?? 0, name: name ?? "view_item" };
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
  const left = new Set(after.window);
  store.dropFromWindow(before.window.filter((entry) => !left.has(entry)));
}
