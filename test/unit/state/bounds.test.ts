// However long the history and however nasty its names, the state stays small and plain.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { canonicalJson } from "../../../durable/state/canonical-json.ts";
import { EVENT_NAMES } from "../../../durable/state/event.ts";
import { emptyStream, receive } from "../../../durable/state/receive.ts";
import { emptyShopper, foldShopper } from "../../../durable/state/shopper.ts";
import { eventOf, lineOf, MINUTE, shopEvents, START } from "./arbitrary.ts";

/** Checkpoint, live state and the window's raw events, in memory and in storage. Bytes. */
const STREAM_LIMIT = 5_000_000;

/**
 * A snapshot goes with every recommendation, and SQLite holds 2 MB in a row. Lengths of names in characters
 * (256 is the longest that the wire lets through), limits of the state in bytes.
 */
const LIMITS = [
  { events: 100_000, length: 12, limit: 35_000 },
  { events: 20_000, length: 256, limit: 250_000 },
];

const NAMES = EVENT_NAMES.filter((name) => name !== "remove_from_cart" && name !== "refund");

const sizeOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).byteLength;

it.each(LIMITS)(
  "stays below $limit bytes over $events events about everything, names of $length characters",
  ({ events, length, limit }) => {
    const name = (kind: string, i: number) => `${kind}${i}`.padEnd(length, "x");
    let stream = emptyStream();
    for (let i = 0; i < events; i++) {
      const event = eventOf({
        name: NAMES[i % NAMES.length] ?? "view_item",
        event_id: `e${i}`,
        // Rushes with 30 events a minute, then a day of silence.
        timestamp: START + i * 2_000 + Math.floor(i / 5_000) * 1_440 * MINUTE,
        session_id: name("s", i % 50),
        items: [
          lineOf(name("i", i), {
            price: i,
            category: name("c", i % 3_000),
            brand: name("b", i % 700),
          }),
        ],
        search_term: name("t", i),
        transaction_id: name("o", Math.floor(i / 5_000)),
      });
      ({ stream } = receive(stream, [event]));
    }
    expect(stream.late).toBe(0);
    expect(stream.live.profile.counts.view_item).toBe(Math.ceil(events / NAMES.length));
    expect(sizeOf(stream.live)).toBeLessThan(limit);
    expect(sizeOf(stream)).toBeLessThan(STREAM_LIMIT);
  },
);

it("folds prototype keys as it folds any other", () => {
  const line = lineOf("__proto__", { category: "constructor", brand: "__proto__", price: 100 });
  const state = [
    eventOf({ name: "add_to_cart", items: [line] }),
    eventOf({ name: "purchase", event_id: "e2", items: [line], transaction_id: "__proto__" }),
  ].reduce(foldShopper, emptyShopper());
  expect(state.profile.categories.weights).toEqual([{ key: "constructor", weight: 8 }]);
  expect(state.profile.purchases.bought[0]?.item_id).toBe("__proto__");
  expect(state.cart.stage).toBe("purchased");
  expect(Object.keys(Object.prototype)).toEqual([]);
});

it("is plain JSON, the same after a trip through text", () => {
  fc.assert(
    fc.property(shopEvents("e", { minutes: 600, maxLength: 60 }), (events) => {
      const { live } = receive(emptyStream(), events).stream;
      expect(canonicalJson(JSON.parse(JSON.stringify(live)))).toBe(canonicalJson(live));
    }),
    { numRuns: 50 },
  );
});

it("never changes a state that it was given", () => {
  const freeze = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    Object.freeze(value);
    for (const part of Object.values(value)) freeze(part);
  };
  fc.assert(
    fc.property(shopEvents("e", { minutes: 90, maxLength: 40 }), (events) => {
      let stream = emptyStream();
      for (const event of events) {
        freeze(stream);
        ({ stream } = receive(stream, [event]));
      }
    }),
    { numRuns: 50 },
  );
});
