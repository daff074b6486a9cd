// Events and log rows that say nothing but what a test gives: the fields come from the event record, so that a new one
// needs no change here. Knows neither Node nor workerd.
import { EVENT, EVENT_ROW, ITEM_LINE } from "../../durable/state/event.ts";
import type { EventName, EventRow, ItemLine, ShopEvent } from "../../durable/state/event.ts";
import { mapKinds } from "../../durable/state/fields.ts";

const NOTHING = {
  id: () => "e1",
  text: () => "item",
  "text?": () => null,
  name: (): EventName => "view_item",
  count: () => 0,
  "count?": () => null,
  rank: () => 0,
  "quantity?": () => null,
  "money?": () => null,
  time: () => 0,
  flag: () => true,
  "flag?": () => null,
};

export function makeEvent(change: Partial<ShopEvent> = {}): ShopEvent {
  return { ...mapKinds(EVENT, NOTHING), items: [], ...change };
}

export function makeLine(item_id: string, change: Partial<ItemLine> = {}): ItemLine {
  return { ...mapKinds(ITEM_LINE, NOTHING), item_id, quantity: 1, ...change };
}

export function makeRow(change: Partial<EventRow> = {}): EventRow {
  return { ...mapKinds(EVENT_ROW, { ...NOTHING, seq: () => 1, flag: () => 1 }), ...change };
}
