// Random shop events for properties: few items, so that they meet again, and names that hurt careless objects.
import * as fc from "fast-check";
import type { EventName, ItemLine, ShopEvent } from "../../../durable/state/event.ts";
import { EVENT, EVENT_NAMES, ITEM_LINE } from "../../../durable/state/event.ts";
import { mapKinds } from "../../../durable/state/fields.ts";
import { makeEvent, makeLine } from "../../support/records.ts";

/** Start of the random streams, ms. */
export const START = Date.UTC(2026, 0, 5);

export const MINUTE = 60_000;

const ITEMS = ["lamp", "desk/oak", "🪑", "__proto__", "constructor", "toString", "hasOwnProperty"];

const keys = fc.constantFrom(null, "__proto__", "valueOf", "home", "garden");

const FOLDED_NAMES = EVENT_NAMES.filter((name) => name !== "stock_update" && name !== "identify");

const KINDS = {
  id: () => fc.string({ minLength: 1 }),
  text: () => fc.constantFrom(...ITEMS),
  "text?": () => keys,
  name: () => fc.constantFrom<EventName>(...FOLDED_NAMES),
  count: () => fc.integer({ min: 1, max: 3 }),
  "count?": () => fc.option(fc.nat({ max: 20 })),
  rank: () => fc.constantFrom(0, 0, 1),
  "quantity?": () => fc.constantFrom(null, 1, 1, 2, 3, 0.5, 0.125),
  "money?": () => fc.option(fc.integer({ min: 0, max: 500_000 })),
  time: () => fc.nat(),
};

const itemLine: fc.Arbitrary<ItemLine> = fc.record(mapKinds(ITEM_LINE, KINDS));

/** One event at some minute before `minutes`, with an id from `prefix` and a random part. */
export function shopEvent(prefix: string, minutes: number): fc.Arbitrary<ShopEvent> {
  return fc.record({
    ...mapKinds(EVENT, KINDS),
    event_id: fc.nat({ max: 1e9 }).map((n) => `${prefix}${n}`),
    timestamp: fc.nat({ max: minutes }).map((minute) => START + minute * MINUTE),
    session_id: fc.constantFrom(null, null, "s1", "s2", "__proto__"),
    items: fc.array(itemLine, { maxLength: 3 }),
    search_term: fc.constantFrom(null, "oak table"),
    transaction_id: fc.constantFrom(null, "t1", "t2"),
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
  return makeEvent({ timestamp: START, ...fields });
}

export const lineOf = makeLine;
