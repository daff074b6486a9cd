// What the law of reading promises, from the door to the memory: order, clocks, large orders, and lines lost alone.
import { env } from "cloudflare:workers";
import { applyD1Migrations } from "cloudflare:test";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { countRows, makeView, readProfile, sendEvents } from "./support/api.ts";

const NOW = Date.now();

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));

function view(event_id: string, who: object, more: object = {}) {
  return makeView(event_id, NOW, who, more);
}

describe("the order of events", () => {
  const DAY = 86_400_000;
  const buy = (id: string, days: number) => ({
    event_id: id,
    name: "purchase",
    timestamp: NOW - days * DAY,
    user_id: "orders",
    transaction_id: id,
    value: 10,
  });

  it("of one request is that of their times, whichever comes first", async () => {
    const verdicts = await sendEvents([buy("N1", 1), buy("N2", 2)]);
    expect(verdicts).toMatchObject({ accepted: 2, late: 0 });
    expect(await readProfile("orders")).toMatchObject({ profile: { purchases: { orders: 2 } } });
  });

  it("at the same moment is that of the request", async () => {
    const at = (anonymous_id: string, event_id: string, name: string) =>
      view(event_id, { anonymous_id }, { name, items: [{ item_id: "A" }] });
    await sendEvents([at("tie", "z", "add_to_cart"), at("tie", "a", "remove_from_cart")]);
    expect((await readProfile("tie"))?.cart.lines).toEqual([]);
    await sendEvents([at("tied", "z", "remove_from_cart"), at("tied", "a", "add_to_cart")]);
    expect((await readProfile("tied"))?.cart.lines).toHaveLength(1);
  });

  it("is by the shop's clock, whatever the sender's says", async () => {
    const ahead = new Date(Date.now() + 2 * 3_600_000).toISOString();
    const message = {
      type: "track",
      event: "Product Added",
      messageId: "skew",
      anonymousId: "skewed",
      timestamp: ahead,
      sentAt: ahead,
      properties: { product_id: 7 },
    };
    expect(await sendEvents([message])).toMatchObject({ accepted: 1, rejected: [] });
    expect((await readProfile("skewed"))?.cart.lines).toMatchObject([{ item_id: "7" }]);
  });
});

describe("an order of 200 lines", () => {
  it("goes all the way, in few messages of the queue", async () => {
    const items = Array.from({ length: 200 }, (_, i) => ({
      item_id: `sku-${i}`,
      price: "1,234.50",
      item_name: "A name of the length that names have in shops",
      item_category: "Clothing/Outdoor/Jackets",
      item_brand: "A brand of some renown",
    }));
    const order = { name: "purchase", transaction_id: "large", items, value: "246,900.00" };
    const verdicts = await sendEvents([view("large", { user_id: "large" }, order)]);
    expect(verdicts).toMatchObject({ accepted: 1, cleaned: 0, rejected_lines: [] });
    expect(await readProfile("large")).toMatchObject({
      profile: { purchases: { revenue: 246_900 } },
    });
    await vi.waitFor(
      async () => expect(await countRows("events", "event_id = 'large'")).toBe(200),
      { timeout: 20_000, interval: 100 },
    );
  });

  it("loses a bad line alone", async () => {
    const items = [
      { item_id: "A", price: 1 },
      { item_id: "B", price: 2 },
      { item_id: "SHIP", price: -3 },
    ];
    const order = { name: "purchase", transaction_id: "ship", items };
    expect(await sendEvents([view("ship", { user_id: "ship" }, order)])).toMatchObject({
      accepted: 1,
      rejected_lines: [{ index: 0, event_id: "ship", line: 2, code: "invalid_price" }],
    });
    expect(await readProfile("ship")).toMatchObject({ profile: { purchases: { revenue: 3 } } });
  });
});
