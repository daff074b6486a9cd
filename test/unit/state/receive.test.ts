// The laws of order: within the lateness window arrival does not matter, beyond it an event is counted, not folded.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { canonicalJson } from "../../../durable/state/canonical-json.ts";
import type { ShopEvent } from "../../../durable/state/event.ts";
import { isOrderEvent } from "../../../durable/state/orders/order.ts";
import { compareEvents } from "../../../durable/state/event.ts";
import type { ShopperStream } from "../../../durable/state/receive.ts";
import {
  emptyStream,
  FULL_WEIGHT,
  LATENESS_WINDOW,
  receive,
  WINDOW_WEIGHT,
} from "../../../durable/state/receive.ts";
import { emptyShop, replayEvent } from "../../../durable/state/replay.ts";
import { emptyShopper, foldShopper } from "../../../durable/state/shopper.ts";
import { eventOf, lineOf, MINUTE, shopEvents, START } from "./arbitrary.ts";

const HALF_A_DAY = { minutes: 12 * 60, maxLength: 150 };

const delays = fc.infiniteStream(fc.nat({ max: LATENESS_WINDOW }));
const sizes = fc.infiniteStream(fc.integer({ min: 1, max: 7 }));

/** In the order of arrival, each event up to the lateness window after its own time. */
function delay(events: readonly ShopEvent[], by: Iterator<number>): ShopEvent[] {
  return events
    .map((event) => ({ event, at: event.timestamp + Number(by.next().value) }))
    .sort((a, b) => a.at - b.at)
    .map(({ event }) => event);
}

function receiveInParts(events: readonly ShopEvent[], size: Iterator<number>): ShopperStream {
  let stream = emptyStream();
  for (let from = 0; from < events.length;) {
    const to = from + Number(size.next().value);
    ({ stream } = receive(stream, events.slice(from, to)));
    from = to;
  }
  return stream;
}

function foldInOrder(events: readonly ShopEvent[]): string {
  return canonicalJson([...events].sort(compareEvents).reduce(foldShopper, emptyShopper()));
}

it("comes to the same state in any order of arrival within the window, in parts of any size", () => {
  fc.assert(
    fc.property(shopEvents("e", HALF_A_DAY), delays, sizes, (events, delays, sizes) => {
      const stream = receiveInParts(delay(events, delays), sizes);
      expect(stream.late).toBe(0);
      expect(canonicalJson(stream.live)).toBe(foldInOrder(events));
    }),
    { numRuns: 150 },
  );
});

it("takes an event once however often it arrives", () => {
  fc.assert(
    fc.property(shopEvents("e", HALF_A_DAY), delays, delays, (events, first, second) => {
      const shop = emptyShop();
      const arrivals = delay([...events, ...events], { next: () => first.next() });
      const verdicts = arrivals.map((event) => replayEvent(shop, "someone", event));
      for (const event of delay(events, second)) {
        expect(replayEvent(shop, "someone", event)).toBe("duplicate");
      }
      expect(verdicts.filter((verdict) => verdict === "duplicate")).toHaveLength(events.length);
      const live = shop.streams.get("someone")?.live ?? emptyShopper();
      expect(canonicalJson(live)).toBe(foldInOrder(events));
    }),
    { numRuns: 60 },
  );
});

it("counts an event beyond the window and folds exactly the others", () => {
  fc.assert(
    fc.property(shopEvents("e", { minutes: 6 * 60, maxLength: 80 }), (all) => {
      const events = all.filter((event) => !isOrderEvent(event));
      const { stream, verdicts } = receive(emptyStream(), events);
      let watermark = -Infinity;
      const inTime = events.filter((event, i) => {
        const isLate = event.timestamp < watermark - LATENESS_WINDOW;
        expect(verdicts[i]).toBe(isLate ? "late" : "applied");
        watermark = Math.max(watermark, event.timestamp);
        return !isLate;
      });
      expect(stream.late).toBe(events.length - inTime.length);
      expect(canonicalJson(stream.live)).toBe(foldInOrder(inTime));
    }),
    { numRuns: 150 },
  );
});

it("takes an event that is exactly as late as allowed", () => {
  const now = eventOf({ name: "view_item", event_id: "now", timestamp: START + LATENESS_WINDOW });
  const { verdicts } = receive(emptyStream(), [
    now,
    eventOf({ name: "view_item", event_id: "just", timestamp: START }),
    eventOf({ name: "view_item", event_id: "too late", timestamp: START - 1 }),
  ]);
  expect(verdicts).toEqual(["applied", "applied", "late"]);
});

it("recognises the very event in the window, though its id was forgotten", () => {
  const event = eventOf({ name: "add_to_cart", items: [lineOf("lamp")] });
  const { stream } = receive(emptyStream(), [event]);
  const again = receive(stream, [event]);
  expect(again.verdicts).toEqual(["duplicate"]);
  expect(again.stream.live).toEqual(stream.live);
});

const rush = (length: number, apart: number) =>
  Array.from({ length }, (_, i) =>
    eventOf({
      name: "view_item",
      event_id: `e${String(i).padStart(5, "0")}`,
      timestamp: START + LATENESS_WINDOW + i * apart,
      items: [lineOf(`item ${i % 90}`)],
    }),
  );

it("keeps of a busy shopper's events those that others may still come before", () => {
  const events = rush(2 * WINDOW_WEIGHT, 2_500);
  const { stream } = receive(emptyStream(), events);
  expect(stream.floor?.timestamp).toBeLessThan((stream.watermark ?? 0) - LATENESS_WINDOW);
  expect(stream.floor).not.toBeNull();
  expect(canonicalJson(stream.live)).toBe(foldInOrder(events));
  const just = { timestamp: (stream.watermark ?? 0) - LATENESS_WINDOW };
  expect(
    receive(stream, [eventOf({ name: "search", event_id: "just", ...just })]).verdicts,
  ).toEqual(["applied"]);
});

it("makes nothing late by any number of events at one moment, and holds no more than it can", () => {
  const flood = rush(FULL_WEIGHT, 0);
  const { stream, verdicts } = receive(emptyStream(), flood);
  expect(stream.floor).toBeNull();
  expect(verdicts.filter((verdict) => verdict === "late").length).toBe(stream.late);
  expect(stream.window.length).toBeLessThanOrEqual(FULL_WEIGHT / 2);
  const order = eventOf({ name: "purchase", event_id: "order", transaction_id: "t", value: 500 });
  const after = receive(stream, [{ ...order, timestamp: START + LATENESS_WINDOW }]);
  expect(after.verdicts).toEqual(["applied"]);
  expect(after.stream.live.profile.purchases.orders).toBe(1);
});

it("reads none of the lines of a page of items", () => {
  const page = eventOf({
    name: "view_item_list",
    items: Array.from({ length: 99 }, (_, i) => lineOf(`item ${i}`)),
  });
  const floods = Array.from({ length: 25 }, (_, i) => ({
    ...page,
    event_id: `l${i}`,
    timestamp: START + 290_000,
  }));
  const { stream } = receive(emptyStream(), floods);
  expect(canonicalJson(stream.live)).toBe(foldInOrder(floods));
  const next = eventOf({ name: "view_item", event_id: "next", items: [lineOf("lamp")] });
  expect(receive(stream, [{ ...next, timestamp: START }]).verdicts).toEqual(["applied"]);
});

it("keeps an event that came late inside the session it belongs to", () => {
  const at = (minute: number) =>
    eventOf({ name: "view_item", event_id: `m${minute}`, timestamp: START + minute * MINUTE });
  const { stream } = receive(emptyStream(), [at(0), at(50), at(25)]);
  expect(stream.live.profile.sessions).toBe(1);
  expect(stream.live.profile.open_sessions.at(-1)).toMatchObject({
    started_at: START,
    last_at: START + 50 * MINUTE,
    events: 3,
  });
});
