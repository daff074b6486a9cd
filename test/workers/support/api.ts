// Requests to the Worker as a storefront and a back end make them, and what they find there.
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { fetchChecked } from "./document.ts";
import { prove } from "./user-hash.ts";

const ORIGIN = "https://shop.example";

export type Verdicts = {
  accepted: number;
  duplicates: number;
  late: number;
  rejected: { index: number; event_id: string | null; code: string; message: string }[];
};

export async function request(
  method: string,
  path: string,
  { key = "sk_test", body }: { key?: string; body?: unknown } = {},
): Promise<Response> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const text = body === undefined ? undefined : JSON.stringify(body);
  return await fetchChecked(new Request(ORIGIN + path, { method, headers, body: text }));
}

/** Users come with proof. */
export async function sendEvents(events: readonly unknown[], key = "pk_test"): Promise<Verdicts> {
  const proven = await Promise.all(events.map(prove));
  const response = await request("POST", "/v1/events", { key, body: { events: proven } });
  expect(response.status).toBe(202);
  return await response.json<Verdicts>();
}

/** A view of one item at `timestamp`, by `who`. */
export function makeView(event_id: string, timestamp: number, who: object, more: object = {}) {
  return {
    event_id,
    name: "view_item",
    timestamp,
    items: [{ item_id: "i", price: 5 }],
    ...who,
    ...more,
  };
}

export type Profile = {
  shopper: string;
  consent: object | null;
  profile: { counts: Record<string, number> };
  cart: {
    lines: { item_id: string; quantity: number; price: number | null }[];
    value: number;
    currency: string;
  };
};

/** Null for a shopper never seen. */
export async function readProfile(
  id: string,
  id_type?: "user" | "anonymous",
): Promise<Profile | null> {
  const query = id_type === undefined ? "" : `?id_type=${id_type}`;
  const response = await request("GET", `/v1/shoppers/${encodeURIComponent(id)}/profile${query}`);
  return response.status === 404 ? null : await response.json<Profile>();
}

export async function countRows(
  table: string,
  where = "true",
  ...values: unknown[]
): Promise<number> {
  const row = await env.DB.prepare(`select count(*) as n from ${table} where ${where}`)
    .bind(...values)
    .first<{ n: number }>();
  return row?.n ?? 0;
}
