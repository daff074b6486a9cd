// Shopify's webhooks: signed, and told again and again in changing forms; the order is one all the same.
import { applyD1Migrations, createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { readProfile, request, sendEvents, type Verdicts } from "./support/api.ts";
import { fetchChecked } from "./support/document.ts";
import { waitForRows } from "./support/shop.ts";

const SECRET = "a secret for tests only";
const URL = "https://shop.example/v1/webhooks/shopify";

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));

async function sign(body: string, secret = SECRET): Promise<string> {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes(secret), algorithm, false, ["sign"]);
  const signature = await crypto.subtle.sign("HMAC", key, bytes(body));
  return btoa(String.fromCharCode(...new Uint8Array(signature)));
}

function post(topic: string, body: string, signature: string): Request {
  const headers = {
    "content-type": "application/json",
    "x-shopify-topic": topic,
    "x-shopify-hmac-sha256": signature,
  };
  return new Request(URL, { method: "POST", headers, body });
}

async function tell(topic: string, payload: object): Promise<Verdicts> {
  const body = JSON.stringify(payload);
  const response = await fetchChecked(post(topic, body, await sign(body)));
  expect(response.status).toBe(200);
  return await response.json<Verdicts>();
}

const purchasesOf = async (id: string) => {
  const response = await request("GET", `/v1/shoppers/${id}/profile?id_type=user`);
  const { profile } = await response.json<{ profile: { purchases: object } }>();
  return profile.purchases;
};

function order(id: number, customer: number, more: object = {}) {
  return {
    id,
    created_at: "2026-01-15T12:00:00-05:00",
    processed_at: "2026-01-15T12:00:00-05:00",
    updated_at: "2026-01-15T12:00:01-05:00",
    currency: "EUR",
    total_price: "35.00",
    customer: { id: customer, email: "anna@example.com" },
    discount_codes: [{ code: "WELCOME" }],
    line_items: [
      { id: 1, product_id: 11, variant_id: 111, sku: "BOOT-39", quantity: 2, price: "10.00" },
      { id: 2, product_id: 12, variant_id: 121, sku: "", quantity: 1, price: "15.00" },
    ],
    refunds: [],
    cancelled_at: null,
    ...more,
  };
}

/** One pair of boots back. */
const REFUND = {
  id: 900,
  order_id: 2,
  // The shop's clerk, not the customer.
  user_id: 5,
  created_at: "2026-01-16T12:00:00-05:00",
  refund_line_items: [
    { quantity: 1, line_item: { product_id: 11, variant_id: 111, sku: "BOOT-39", price: "10.00" } },
  ],
  transactions: [{ kind: "refund", status: "success", amount: "10.00", currency: "EUR" }],
};

describe("a signature", () => {
  it("opens, and nothing else does", async () => {
    const body = JSON.stringify(order(1, 1));
    for (const signature of [
      "",
      "AAAA",
      "%%%",
      await sign(body, "another"),
      await sign(`${body} `),
    ]) {
      const response = await fetchChecked(post("orders/create", body, signature));
      expect(response.status).toBe(401);
    }
    expect(await readProfile("1", "user")).toBe(null);
  });

  it("is asked of nobody where the shop has no secret", async () => {
    const none = { ...env, SHOPIFY_WEBHOOK_SECRET: "" };
    const sent = post("orders/create", "{}", await sign("{}", "any"));
    const response = await createApp().fetch(sent, none, createExecutionContext());
    expect(response.status).toBe(404);
  });
});

describe("an order", () => {
  it("is one however often it is told, in any topic, with its refund by line and value", async () => {
    expect(await tell("orders/create", order(2, 2))).toMatchObject({ accepted: 1, rejected: [] });
    expect(await tell("orders/create", order(2, 2))).toMatchObject({ accepted: 0, duplicates: 1 });
    await tell("orders/paid", order(2, 2, { updated_at: "2026-01-15T12:00:02-05:00" }));
    expect(await purchasesOf("2")).toMatchObject({ orders: 1, revenue: 35, refunded: 0 });
    await waitForRows("events", 3);
    expect(await tell("refunds/create", REFUND)).toMatchObject({ accepted: 1, rejected: [] });
    const updated = { refunds: [REFUND], updated_at: "2026-01-16T12:00:00-05:00" };
    expect(await tell("orders/updated", order(2, 2, updated))).toMatchObject({
      accepted: 1,
      duplicates: 1,
      conflicts: 0,
    });
    expect(await purchasesOf("2")).toMatchObject({ orders: 1, revenue: 35, refunded: 10 });
  });

  it("that is cancelled is none", async () => {
    await tell("orders/create", order(3, 3));
    await tell("orders/cancelled", order(3, 3, { cancelled_at: "2026-01-15T13:00:00-05:00" }));
    expect(await purchasesOf("3")).toMatchObject({ orders: 0, revenue: 0, bought: [] });
  });

  it("closes the cart of the visitor whom it names, and joins both", async () => {
    const event = { name: "product_added_to_cart", clientId: "pixel-4", id: "px1" };
    const variant = {
      id: "111",
      sku: "BOOT-39",
      price: { amount: 10, currencyCode: "EUR" },
      product: { id: "11", vendor: "acme", type: "boots" },
    };
    await sendEvents([
      {
        ...event,
        timestamp: "2026-01-15T16:50:00.000Z",
        data: { cartLine: { merchandise: variant, quantity: 2 } },
      },
    ]);
    expect((await readProfile("pixel-4", "anonymous"))?.cart).toMatchObject({ value: 20 });
    const note_attributes = [{ name: "millrace_anonymous_id", value: "pixel-4" }];
    await tell("orders/create", order(4, 4, { note_attributes }));
    expect((await readProfile("4", "user"))?.cart.lines).toEqual([]);
    expect(await purchasesOf("4")).toMatchObject({ orders: 1, revenue: 35 });
  });

  it("that was refunded before it is known is waited for", async () => {
    const refund = { ...REFUND, id: 902, order_id: 8, created_at: new Date().toISOString() };
    const body = JSON.stringify(refund);
    const signature = await sign(body);
    const again = () => fetchChecked(post("refunds/create", body, signature));
    expect((await again()).status).toBe(503);
    await tell("orders/create", order(8, 8));
    const answer = await vi.waitFor(
      async () => {
        const response = await again();
        expect(response.status).toBe(200);
        return await response.json<Verdicts>();
      },
      { timeout: 10_000, interval: 100 },
    );
    expect(answer).toMatchObject({ accepted: 1, rejected: [] });
    expect(await purchasesOf("8")).toMatchObject({ orders: 1, revenue: 35, refunded: 10 });
  });

  it("of a test, and what is no order, is ignored; a refund of an unknown order is refused", async () => {
    expect(await tell("orders/create", order(5, 5, { test: true }))).toMatchObject({ ignored: 1 });
    expect(await tell("products/update", { id: 6 })).toMatchObject({ ignored: 1, accepted: 0 });
    expect(await tell("refunds/create", { ...REFUND, id: 901, order_id: 77 })).toMatchObject({
      rejected: [{ code: "missing_shopper" }],
    });
  });
});
