// The stock of one item: a fold over `stock_update`. The latest word wins, so the order of arrival does not matter.
import type { ItemLine, ShopEvent } from "./event.ts";

export type StockLevel = {
  item_id: string;
  /** Units on hand, as the back end counted them. */
  on_hand: number;
  /** Position of the update in event order. */
  changed_at: number;
  event_id: string;
};

/** `line` is one item line of `event`; its quantity is the new level, not a difference. */
export function foldStock(
  level: StockLevel | null,
  event: ShopEvent,
  line: ItemLine,
): StockLevel | null {
  if (event.name !== "stock_update" || line.quantity === null) return level;
  if (level !== null && !isNewer(event, level)) return level;
  return {
    item_id: line.item_id,
    on_hand: line.quantity,
    changed_at: event.timestamp,
    event_id: event.event_id,
  };
}

function isNewer(event: ShopEvent, level: StockLevel): boolean {
  if (event.timestamp !== level.changed_at) return event.timestamp > level.changed_at;
  return event.event_id > level.event_id;
}
