// All the ways by which a shopper's words come in. Everything happened before `at`, as clients tell it that send late.
import { createHmac } from "node:crypto";
import { KEYS } from "../bench/miniflare-worker.ts";
import type { MarkedShopper } from "./marked-shopper.ts";

const CONSENT = { analytics: true, personalization: true, marketing: true };

export type Way = {
  name: string;
  act(url: string, shopper: MarkedShopper, at: number): Promise<void>;
};

async function send(
  url: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
) {
  const response = await fetch(url + path, {
    method: "POST",
    headers: {
      authorization: `Bearer ${KEYS.secret}`,
      "content-type": "application/json",
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const answer = await response.text();
  if (!response.ok && response.status !== 503)
    throw new Error(`${path}: ${response.status} ${answer}`);
}

function event({ visitor, mark }: MarkedShopper, name: string, at: number, more: object = {}) {
  return {
    event_id: mark(`event${name}${at}`),
    name,
    timestamp: at,
    anonymous_id: visitor,
    session_id: mark("session"),
    consent: CONSENT,
    context: {
      page: `https://shop.example/${mark("page")}`,
      referrer: `https://${mark("ref")}.example/`,
    },
    items: [{ item_id: "lamp", price: 10, quantity: 1 }],
    ...more,
  };
}

/** Told again after the erasure, they are of before it. */
export const LATE_WAYS: readonly Way[] = [
  {
    name: "events",
    act: (url, shopper, at) =>
      send(url, "/v1/events", [
        event(shopper, "search", at - 9000, { search_term: shopper.mark("term"), items: [] }),
        event(shopper, "add_to_cart", at - 8000),
      ]),
  },
  {
    name: "orders of the past",
    act: (url, shopper, at) =>
      send(url, "/v1/backfill", [
        event(shopper, "purchase", at - 7000, {
          transaction_id: shopper.mark("order"),
          coupon: shopper.mark("coupon"),
        }),
      ]),
  },
  {
    name: "Segment",
    act: (url, { visitor, mark }, at) =>
      send(url, "/v1/track", {
        event: "Products Searched",
        messageId: mark("segment"),
        anonymousId: visitor,
        timestamp: new Date(at - 6000).toISOString(),
        properties: { query: mark("query") },
        context: { page: { url: `https://shop.example/${mark("segmentpage")}` } },
      }),
  },
  {
    name: "Measurement Protocol",
    act: (url, { visitor, mark }, at) =>
      send(url, "/mp/collect", {
        client_id: visitor,
        timestamp_micros: (at - 5000) * 1000,
        events: [{ name: "search", params: { search_term: mark("mpterm") } }],
      }),
  },
  {
    name: "identify",
    act: (url, shopper, at) =>
      send(url, "/v1/events", [
        event(shopper, "identify", at - 4000, { user_id: shopper.user, items: [] }),
      ]),
  },
  {
    name: "Shopify",
    act(url, { user, index, mark }, at) {
      const time = new Date(at - 3000).toISOString();
      const body = JSON.stringify({
        id: 1_000_000 + index,
        created_at: time,
        processed_at: time,
        updated_at: time,
        currency: "EUR",
        total_price: "10.00",
        customer: { id: user, email: user, first_name: mark("name") },
        shipping_address: { address1: mark("street") },
        discount_codes: [{ code: mark("discount") }],
        line_items: [
          { id: 1, product_id: 1, variant_id: 1, sku: "lamp", quantity: 1, price: "10.00" },
        ],
        refunds: [],
        cancelled_at: null,
      });
      const hmac = createHmac("sha256", KEYS.shopify).update(body).digest("base64");
      const headers = { "x-shopify-topic": "orders/create", "x-shopify-hmac-sha256": hmac };
      return send(url, "/v1/webhooks/shopify", body, headers);
    },
  },
];

/** A question or a bad row after the erasure is a new one: these come before it alone. */
export const EARLY_WAYS: readonly Way[] = [
  {
    name: "lists",
    async act(url, { visitor }) {
      const headers = { authorization: `Bearer ${KEYS.secret}`, "x-anonymous-id": visitor };
      for (const surface of ["home", "cart"]) {
        const response = await fetch(`${url}/v1/recommendations?surface=${surface}`, { headers });
        await response.text();
      }
    },
  },
  {
    name: "refused rows",
    act: (url, shopper, at) =>
      send(url, "/v1/events", [
        event(shopper, "view_item", at - 2000, { items: [{ item_id: "", price: 1 }] }),
        event(shopper, "no_such_name", at - 1000, { search_term: shopper.mark("badterm") }),
      ]),
  },
];
