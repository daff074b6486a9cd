// What the wire schema and its checks take and refuse.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readMoney } from "../../../src/shop/money.ts";
import { readEvent } from "../../../src/ingest/read-event.ts";
import { CLOCK_AHEAD, EARLIEST, OLDEST_UNVOUCHED } from "../../../src/ingest/read/event-time.ts";
import { MAX_EVENT_BYTES } from "../../../src/ingest/read/fit.ts";

const NOW = Date.UTC(2026, 0, 15);
const SETTINGS = {
  now: NOW,
  money: readMoney("EUR", '{"USD": 0.9, "JPY": 0.006}'),
  default_consent: { analytics: true, personalization: true },
};
const VIEW = {
  event_id: "e1",
  name: "view_item",
  timestamp: NOW,
  anonymous_id: "a",
  items: [{ item_id: "i" }],
};

function read(change: object) {
  return readEvent({ ...VIEW, ...change }, SETTINGS);
}

function codeOf(change: object): string {
  const checked = read(change);
  return checked.ok ? "ok" : checked.reason.code;
}

function eventOf(change: object) {
  const checked = read(change);
  if (!checked.ok) throw new Error(checked.reason.message);
  if (checked.value === null) throw new Error("ignored");
  return checked.value;
}

describe("what is refused", () => {
  it.each([
    ["no id", { event_id: undefined }, "invalid_event"],
    ["an id of the wrong type", { event_id: true }, "invalid_event"],
    ["an id that lost digits", { user_id: 2 ** 60 }, "invalid_event"],
    ["an id that is an object", { user_id: {} }, "invalid_event"],
    ["an id of 10 kB", { event_id: "x".repeat(10_000) }, "invalid_event"],
    ["an item id of 10 kB", { items: [{ item_id: "x".repeat(10_000) }] }, "invalid_event"],
    ["a shopper's id of 10 kB", { anonymous_id: "x".repeat(10_000) }, "invalid_event"],
    ["a control character", { items: [{ item_id: "a\u0000b" }] }, "invalid_event"],
    ["half a surrogate pair", { items: [{ item_id: "a\ud800b" }] }, "invalid_event"],
    ["an unknown name", { name: "dance" }, "unknown_event_name"],
    ["a name of Object.prototype", { name: "constructor" }, "unknown_event_name"],
    ["a negative price", { items: [{ item_id: "i", price: -1 }] }, "invalid_event"],
    ["a price beyond all shops", { items: [{ item_id: "i", price: 2e9 }] }, "invalid_event"],
    [
      "a line beyond all sums",
      { items: [{ item_id: "i", price: 1e6, quantity: 1e6 }] },
      "invalid_event",
    ],
    [
      "an endless price",
      { items: [{ item_id: "i", price: JSON.parse("1e999") }] },
      "invalid_event",
    ],
    [
      "no piece in a cart",
      { name: "add_to_cart", items: [{ item_id: "i", quantity: 0 }] },
      "invalid_event",
    ],
    [
      "a piece less in a cart",
      { name: "add_to_cart", items: [{ item_id: "i", quantity: -1 }] },
      "invalid_event",
    ],
    ["1970", { timestamp: 0 }, "timestamp_out_of_range"],
    ["2099", { timestamp: "2099-01-01T00:00:00Z" }, "timestamp_out_of_range"],
    ["a day that is not", { timestamp: "2025-02-30T00:00:00Z" }, "invalid_event"],
    ["a time without a zone", { timestamp: "2026-01-01T00:00:00" }, "invalid_event"],
    ["a currency without a rate", { currency: "CHF" }, "unsupported_currency"],
    ["nobody", { anonymous_id: undefined }, "missing_shopper"],
    ["an empty shopper", { anonymous_id: "" }, "missing_shopper"],
    ["nobody by another name", { anonymous_id: "undefined" }, "missing_shopper"],
    ["an identify of one side", { name: "identify" }, "missing_shopper"],
    ["a view of nothing", { items: [] }, "missing_items"],
    ["stock without a level", { name: "stock_update" }, "invalid_event"],
    ["consent that is neither", { consent: { analytics: "perhaps" } }, "invalid_consent"],
    ["consent to what nobody knows", { consent: { cookies: true } }, "invalid_consent"],
    ["an order of nothing", { name: "purchase", items: [] }, "missing_items"],
    ["items that are none", { items: { length: 1 } }, "invalid_event"],
  ])("%s", (_, change, code) => {
    expect(codeOf(change)).toBe(code);
  });

  it.each([null, 5, "event", [VIEW], true])("a row that is %j", (row) => {
    expect(readEvent(row, SETTINGS)).toMatchObject({
      ok: false,
      reason: { code: "invalid_event" },
    });
  });

  it("an event that no queue message would hold", () => {
    const items = Array.from({ length: 200 }, (_, i) => ({ item_id: `${"界".repeat(250)}${i}` }));
    expect(JSON.stringify(items).length).toBeLessThan(MAX_EVENT_BYTES);
    expect(codeOf({ items })).toBe("event_too_large");
  });
});

describe("what is taken", () => {
  it("the whole range of times, to its ends", () => {
    expect(codeOf({ timestamp: EARLIEST })).toBe("ok");
    expect(codeOf({ timestamp: EARLIEST - 1 })).toBe("timestamp_out_of_range");
    expect(codeOf({ timestamp: NOW + CLOCK_AHEAD })).toBe("ok");
    expect(codeOf({ timestamp: NOW + CLOCK_AHEAD + 1 })).toBe("timestamp_out_of_range");
    expect(eventOf({ timestamp: "2026-01-01T01:00:00+01:00" }).event.timestamp).toBe(
      Date.UTC(2026, 0, 1),
    );
  });

  it("takes no event for one of the future, and a storefront's for none of long ago", () => {
    fc.assert(
      fc.property(fc.integer({ min: -OLDEST_UNVOUCHED, max: CLOCK_AHEAD }), (apart) => {
        const { event } = eventOf({ timestamp: NOW + apart });
        expect(event.timestamp).toBe(Math.min(NOW + apart, NOW));
      }),
    );
    const old = { ...VIEW, timestamp: NOW - OLDEST_UNVOUCHED - 1 };
    expect(readEvent(old, { ...SETTINGS, trusted: true }).ok).toBe(true);
    const unvouched = readEvent(old, { ...SETTINGS, trusted: false });
    expect(unvouched.ok ? "ok" : unvouched.reason.code).toBe("timestamp_out_of_range");
  });

  it("prices of any currency with a rate, as minor units of the shop's", () => {
    const priceOf = (currency: string | undefined, price: number) =>
      eventOf({ currency, items: [{ item_id: "i", price }] }).event.items[0]?.price;
    expect(priceOf(undefined, 19.99)).toBe(1999);
    expect(priceOf("eur", 0.29)).toBe(29);
    expect(priceOf("USD", 10)).toBe(900);
    expect(priceOf("JPY", 1000)).toBe(600);
  });

  it("an item id of any text", () => {
    const item_id = "a/b c?d#é 😀 ../__proto__";
    expect(eventOf({ items: [{ item_id }] }).event.items[0]?.item_id).toBe(item_id);
  });

  it("keys of Object.prototype, without harm", () => {
    const row: unknown = JSON.parse(
      `{"event_id": "e", "name": "view_item", "timestamp": ${NOW}, "anonymous_id": "__proto__",
        "items": [{"item_id": "constructor"}], "__proto__": {"polluted": true}, "constructor": {"prototype": 1}}`,
    );
    expect(readEvent(row, SETTINGS)).toMatchObject({
      ok: true,
      value: { event: { name: "view_item" } },
    });
    expect("polluted" in {}).toBe(false);
  });

  it("a user before an anonymous visitor, and both only for an identify", () => {
    expect(eventOf({ user_id: "u" }).actor).toEqual({
      kind: "user",
      user_id: "u",
      anonymous_id: "a",
    });
    expect(eventOf({}).actor).toEqual({ kind: "anonymous", anonymous_id: "a" });
    const both = { kind: "identify", user_id: "u", anonymous_id: "a" };
    expect(eventOf({ user_id: "u", name: "identify" }).actor).toEqual(both);
  });

  it("a stock level of zero", () => {
    const { event, actor } = eventOf({
      name: "stock_update",
      items: [{ item_id: "i", quantity: 0 }],
    });
    expect(event.items[0]?.quantity).toBe(0);
    expect(actor).toEqual({ kind: "shop" });
  });

  it("consent as it is given: what is not named is denied", () => {
    expect(eventOf({}).consent).toEqual({ analytics: true, personalization: true });
    expect(eventOf({ consent: { analytics: true } }).consent).toEqual({
      analytics: true,
      personalization: false,
    });
    expect(eventOf({ consent: {} }).consent).toEqual({ analytics: false, personalization: false });
  });

  it("of a URL only what names the page", () => {
    const { context } = eventOf({
      context: { page: "https://shop.example/p?email=a@b.c#x", referrer: "" },
    });
    expect(context).toMatchObject({ page: "https://shop.example/p", referrer: null });
  });
});

describe("a negative zero", () => {
  it("is a plain one, as it will be in the log", () => {
    const items = [{ item_id: "a", price: -0, index: -0 }];
    const { event } = eventOf({ value: -0, items });
    expect(JSON.parse(JSON.stringify(event))).toEqual(event);
    expect(Object.is(event.items[0]?.price, 0)).toBe(true);
  });

  it("is no stock below none", () => {
    const { event } = eventOf({ name: "stock_update", items: [{ item_id: "a", quantity: -0 }] });
    expect(Object.is(event.items[0]?.quantity, 0)).toBe(true);
  });
});

describe("laws", () => {
  const anything = fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true });
  const text = fc.string({ minLength: 1, maxLength: 20 });
  const number = fc.oneof({ weight: 40, arbitrary: fc.nat({ max: 10_000 }) }, fc.double());
  const item = fc.record(
    { item_id: text, price: number, quantity: number, index: number },
    { requiredKeys: ["item_id"] },
  );
  /** Sound most of the time, so that whole events come through; else whatever there is. */
  const mostly = (sound: fc.Arbitrary<unknown>) =>
    fc.oneof({ weight: 20, arbitrary: sound }, anything);
  const nearly = fc.record(
    {
      event_id: mostly(text),
      name: mostly(fc.constantFrom("view_item", "purchase", "search", "Order Completed")),
      timestamp: mostly(fc.oneof(fc.integer({ min: EARLIEST, max: NOW }), fc.double())),
      anonymous_id: mostly(text),
      items: mostly(fc.array(item)),
      value: mostly(number),
      currency: mostly(fc.constantFrom("EUR", "USD", "JPY")),
      consent: mostly(fc.constant({ analytics: true })),
      context: mostly(fc.constant({ device: "mobile" })),
    },
    { requiredKeys: ["event_id", "name", "timestamp", "anonymous_id"] },
  );

  it("never throws, and what it takes is sound, whatever comes", () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof({ weight: 9, arbitrary: nearly }, anything), (row) => {
        const checked = readEvent(row, SETTINGS);
        if (!checked.ok) {
          expect(checked.reason.message).not.toBe("");
          return;
        }
        if (checked.value === null) return;
        taken += 1;
        const { event } = checked.value;
        const numbers = [
          event.timestamp,
          event.value,
          ...event.items.flatMap(({ price, quantity }) => [
            price,
            quantity === null ? null : Math.round(quantity * 1000),
          ]),
        ];
        for (const number of numbers)
          expect(number === null || (Number.isSafeInteger(number) && number >= 0)).toBe(true);
        expect(JSON.parse(JSON.stringify(event))).toEqual(event);
        expect(event.event_id).toMatch(/^[^\p{Cc}]{1,128}$/u);
      }),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  it("takes every sound event", () => {
    const id = fc.stringMatching(/^[\w/😀-][\w /😀-]{0,62}[a-z]$/u);
    const sound = fc.record({
      event_id: id,
      name: fc.constantFrom("view_item", "Product Added", "purchase", "search"),
      timestamp: fc.integer({ min: EARLIEST, max: NOW }),
      user_id: id,
      items: fc.array(
        fc.record({ item_id: id, price: fc.double({ min: 0, max: 1e9, noNaN: true }) }),
        { minLength: 1, maxLength: 200 },
      ),
    });
    fc.assert(
      fc.property(sound, (row) => {
        const checked = readEvent(row, SETTINGS);
        expect(checked).toMatchObject({
          ok: true,
          value: { event: { event_id: row.event_id, timestamp: row.timestamp } },
        });
      }),
    );
  });
});
