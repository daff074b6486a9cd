// Random shop events for properties: few items, so that they meet again, and names that hurt careless objects.
import * as fc from "fast-check";
import type { EventName, ItemLine, ShopEvent } from "../../../durable/state/event.ts";
import { EVENT_NAMES } from "../../../durable/state/event.ts";

/** Start of the random streams, ms. */
export const START = Date.UTC(2026, 0, 5);

export const MINUTE = 60_000;

const ITEMS = ["lamp", "desk/oak", "🪑", "__proto__", "constructor", "toString", "hasOwnProperty"];

const keys = fc.constantFrom(null, "__proto__", "valueOf", "home", "garden");

const itemLine: fc.Arbitrary<ItemLine> = fc.record({
  item_id: fc.constantFrom(...ITEMS),
  price: fc.option(fc.integer({ min: 0, max: 500_000 })),
  quantity: fc.integer({ min: 1, max: 3 }),
  category: keys,
  brand: keys,
  list_id: fc.constant(null),
  index: fc.constant(null),
});

const FOLDED_NAMES = EVENT_NAMES.filter((name) => name !== "stock_update" && name !== "identify");

/** One event at some minute before `minutes`, with an id from `prefix` and a random part. */
export function shopEvent(prefix: string, minutes: number): fc.Arbitrary<ShopEvent> {
  return fc.record({
    event_id: fc.nat({ max: 1e9 }).map((n) => `${prefix}${n}`),
    name: fc.constantFrom<EventName>(...FOLDED_NAMES),
    timestamp: fc.nat({ max: minutes }).map((minute) => START + minute * MINUTE),
    session_id: fc.constantFrom(null, null, "s1", "s2", "__proto__"),
    items: fc.array(itemLine, { maxLength: 3 }),
    value: fc.option(fc.integer({ min: 0, max: 1_000_000 })),
    search_term: fc.constantFrom(null, "oak table"),
    transaction_id: fc.constantFrom(null, "t1", "t2"),
    recommendation_id: fc.constant(null),
  });
}

/** Events with distinct ids, in no order. */
export function shopEvents(
  prefix: string,
  { minutes, maxLength }: { minutes: number; maxLength: number },
): fc.Arbitrary<ShopEvent[]> {
  return fc.uniqueArray(shopEvent(prefix, minutes), {
    maxLength,
    selector: (event) => event.event_id,
    size: "max",
  });
}

/** An event with these fields and nothing else in it. */
export function eventOf(fields: Partial<ShopEvent> & Pick<ShopEvent, "name">): ShopEvent {
  return {
    event_id: "e1",
    timestamp: START,
    session_id: null,
    items: [],
    value: null,
    search_term: null,
    transaction_id: null,
    recommendation_id: null,
    ...fields,
  };
}

export function lineOf(item_id: string, fields: Partial<ItemLine> = {}): ItemLine {
  return {
    item_id,
    price: null,
    quantity: 1,
    category: null,
    brand: null,
    list_id: null,
    index: null,
    ...fields,
  };
}
