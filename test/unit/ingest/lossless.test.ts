// What real shops send is kept whole: what cannot be read is left out, told, and takes nothing else with it.
import { describe, expect, it } from "vitest";
import { codeOf, read } from "./read-one.ts";

describe("what only describes", () => {
  it("is cleaned, cut or left out, and counted", () => {
    const { event, context, notes } = read({
      search_term: "boots\u0000 ",
      items: [
        {
          item_id: "A",
          price: "1,234",
          index: "x",
          item_brand: "b".repeat(3000),
          item_category: " shoes\n",
        },
      ],
      context: {
        page: `https://s.example/${"p".repeat(3000)}`,
        referrer: { href: "x" },
        country: "Germany",
        device: 5,
      },
    });
    expect(event.search_term).toBe("boots");
    expect(event.items).toMatchObject([
      { price: null, index: null, brand: "b".repeat(256), category: "shoes" },
    ]);
    expect(context.page).toHaveLength(512);
    expect(context).toMatchObject({ referrer: null, country: null, device: "5" });
    expect(notes.cleaned).toBe(7);
  });

  it("is no cleaning where nothing is lost", () => {
    const { notes } = read({
      value: "10.00",
      currency: "",
      items: [{ item_id: 1, price: "12.00", quantity: "2", index: "3", item_brand: "" }],
      context: { page: "https://s.example/p?q=1", country: "de" },
    });
    expect(notes).toEqual({ cleaned: 0, unknown: [], lines: [] });
  });

  it("gives way where an event is too large", () => {
    const items = Array.from({ length: 200 }, (_, i) => ({
      item_id: `${i}`,
      item_category: "界".repeat(200),
      item_brand: "界".repeat(200),
    }));
    const { event, notes } = read({ name: "purchase", items });
    expect(event.items).toHaveLength(200);
    expect(notes.cleaned).toBe(400);
  });

  it("is named where nobody knows it", () => {
    const { notes } = read({
      items: [{ item_id: "A", colour: "red", item_name: "Boot", item_category2: "Adult" }],
      consent: { analytics: true, cookies: true },
    });
    expect(notes.unknown).toEqual(["consent.cookies", "items.colour"]);
  });
});

describe("lines", () => {
  it("are refused alone", () => {
    const { event, notes } = read({
      name: "purchase",
      transaction_id: "T",
      items: [
        { item_id: "A", price: 1 },
        { item_id: "SHIP", price: -3 },
        { price: 2 },
        null,
        { item_id: "B", price: 1, quantity: -1 },
        { item_id: "C", price: 1, currency: "DOG" },
        { item_id: "D", price: 1e9, quantity: 1e6 },
        { item_id: "E" },
      ],
    });
    expect(event.items.map(({ item_id }) => item_id)).toEqual(["A", "E"]);
    expect(notes.lines.map(({ line, code }) => [line, code])).toEqual([
      [1, "invalid_price"],
      [2, "invalid_item_id"],
      [3, "invalid_line"],
      [4, "invalid_quantity"],
      [5, "unsupported_currency"],
      [6, "invalid_price"],
    ]);
  });

  it("may be 200, and more are told", () => {
    const items = Array.from({ length: 201 }, (_, i) => ({ item_id: i, price: 1 }));
    expect(read({ name: "purchase", items: items.slice(1) }).event.items).toHaveLength(200);
    const { event, notes } = read({ name: "purchase", items });
    expect(event.items).toHaveLength(200);
    expect(notes.lines).toMatchObject([{ line: 200, code: "too_many_lines" }]);
  });

  it("keep goods by weight, and no quantity in a look", () => {
    const pieces = (name: string, quantity: unknown) =>
      read({ name, items: [{ item_id: "A", quantity }] }).event.items[0]?.quantity;
    expect(pieces("add_to_cart", 0.5)).toBe(0.5);
    expect(pieces("purchase", "0,1239")).toBe(0.124);
    expect(pieces("view_item", 0)).toBe(1);
    expect(pieces("view_item", "many")).toBe(1);
    expect(pieces("purchase", undefined)).toBe(1);
    expect(pieces("remove_from_cart", undefined)).toBe(null);
    expect(pieces("stock_update", "2.5")).toBe(2.5);
    expect(pieces("stock_update", -3)).toBe(0);
  });

  it("have a currency and a list of their own, else the event's", () => {
    const paid = read({
      name: "purchase",
      value: 100,
      items: [{ item_id: "A", price: 100, currency: "USD" }],
    }).event;
    expect([paid.value, paid.items[0]?.price]).toEqual([9200, 9200]);
    const listed = read({
      name: "view_item_list",
      item_list_id: "x",
      items: [{ item_id: "A" }, { item_id: "B", item_list_id: "own" }],
    }).event;
    expect(listed.items.map(({ list_id }) => list_id)).toEqual(["x", "own"]);
  });

  it("are not needed where an order has a number or a value", () => {
    const items: unknown[] = [];
    expect(read({ name: "purchase", transaction_id: "T", value: 10, items }).event).toMatchObject({
      items: [],
      value: 1000,
    });
    expect(read({ name: "purchase", transaction_id: "T", items }).event.items).toEqual([]);
  });

  it("may be one alone, and named as older libraries name it", () => {
    const { event } = read({ name: "view_item", items: { productId: "A" } });
    expect(event.items).toMatchObject([{ item_id: "A" }]);
    const viewed = { anonymousId: "a", type: "track", event: "Product Viewed" };
    const told = { ...viewed, properties: { productId: "A" }, name: undefined };
    expect(read(told).event.items).toMatchObject([{ item_id: "A" }]);
  });

  it("are no order of nothing where all of them were refused", () => {
    const items = [{ item_id: "A", price: -3 }, { price: 3 }];
    const order = { name: "purchase", transaction_id: "T", items };
    expect(codeOf(order)).toBe("invalid_event");
    expect(read({ ...order, value: 12 }).notes.lines).toHaveLength(2);
  });

  it("stand in a data layer that names its visitor too", () => {
    const items = [{ item_id: "A" }];
    const pushed = { event: "add_to_cart", client_id: "1.2", ecommerce: { items } };
    const { event, actor } = read({ ...pushed, event_id: undefined, name: undefined });
    expect(event).toMatchObject({ name: "add_to_cart", items });
    expect(actor).toMatchObject({ anonymous_id: expect.any(String) });
  });
});
