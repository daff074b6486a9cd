// Segment's messages become our events.
import { describe, expect, it } from "vitest";
import { readMoney } from "../../../src/shop/money.ts";
import { readEvent } from "../../../src/ingest/read-event.ts";
import { adapt } from "../../../src/ingest/adapters/adapt.ts";

const SETTINGS = {
  now: Date.UTC(2026, 0, 2),
  money: readMoney("EUR", "{}"),
  default_consent: { analytics: true, personalization: true },
};

function read(row: object) {
  const checked = readEvent(row, SETTINGS);
  if (!checked.ok) throw new Error(checked.reason.message);
  if (checked.value === null) throw new Error("ignored");
  return checked.value;
}

const ENVELOPE = {
  type: "track",
  messageId: "m1",
  anonymousId: "a",
  timestamp: "2026-01-01T00:00:00.000Z",
};

describe("a Segment message", () => {
  it("reads a product of its own, numbered from 1 in its list", () => {
    const { event, context } = read({
      ...ENVELOPE,
      event: "Product Clicked",
      properties: {
        product_id: 507,
        price: 19.5,
        category: "shoes",
        brand: "b",
        coupon: "c",
        list_id: "l",
        position: 3,
      },
      context: {
        page: { url: "https://s.example/p?q=1", referrer: "https://r.example/" },
        device: { type: "mobile" },
      },
    });
    expect(event).toMatchObject({
      event_id: "m1",
      name: "select_item",
      items: [
        {
          item_id: "507",
          price: 1950,
          quantity: 1,
          category: "shoes",
          brand: "b",
          coupon: "c",
          list_id: "l",
          index: 2,
        },
      ],
    });
    expect(context).toEqual({
      country: null,
      device: "mobile",
      page: "https://s.example/p",
      referrer: "https://r.example/",
    });
  });

  it("reads an order with its products", () => {
    const { event } = read({
      ...ENVELOPE,
      event: "Order Completed",
      properties: {
        order_id: "o1",
        total: 30,
        currency: "EUR",
        products: [
          { sku: "s1", price: 10, quantity: 2 },
          { product_id: "p2", price: 10 },
        ],
      },
    });
    expect(event).toMatchObject({ name: "purchase", transaction_id: "o1", value: 3000 });
    expect(event.items.map((item) => [item.item_id, item.quantity])).toEqual([
      ["s1", 2],
      ["p2", 1],
    ]);
  });

  it("reads an identify and a search", () => {
    expect(
      read({ ...ENVELOPE, type: "identify", userId: "u", traits: { email: "x" } }),
    ).toMatchObject({
      event: { name: "identify" },
      actor: { kind: "identify", user_id: "u", anonymous_id: "a" },
    });
    expect(
      read({ ...ENVELOPE, event: "Products Searched", properties: { query: "boots" } }).event,
    ).toMatchObject({
      name: "search",
      search_term: "boots",
    });
  });

  it("leaves everything else alone", () => {
    const ours = { event_id: "e", messageId: "m", name: "search" };
    expect(adapt(ours)).toEqual({ kind: "event", fields: ours, isLoose: false });
    expect(adapt(null)).toEqual({ kind: "none" });
    expect(adapt([1])).toEqual({ kind: "none" });
  });
});
