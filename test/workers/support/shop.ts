// A shop inside the test's own isolate: requests to the Worker, items, events, and time that passes at once.
import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, beforeEach, expect, vi } from "vitest";
import { fetchChecked } from "./document.ts";

type Shown = {
  item_id: string;
  score: number;
  source: string;
  variant: string | null;
  reason: { code: string; item_id?: string };
  contributions?: { source: string; contribution: number }[];
  features?: { group: string; contribution: number }[];
};
export type List = {
  recommendation_id: string;
  model_version: string | null;
  ranking_version: string | null;
  personal: boolean;
  unverified: boolean;
  degraded: string[];
  items: Shown[];
  next_cursor: string | null;
};

const ORIGIN = "https://shop.example";

export async function openShop(): Promise<void> {
  await applyD1Migrations(env.DB, env.D1_MIGRATIONS);
}

export async function call(
  method: string,
  path: string,
  body?: BodyInit,
  key = "sk_test",
  more: Record<string, string> = {},
): Promise<Response> {
  const headers = { authorization: `Bearer ${key}`, ...more };
  return await fetchChecked(new Request(ORIGIN + path, { method, headers, body }));
}

/** Puts items and answers with the report. */
export async function putItems(lines: readonly object[]): Promise<unknown> {
  const body = lines.map((line) => JSON.stringify(line)).join("\n");
  return await (await call("PUT", "/v1/items", body)).json();
}

export async function ask(path: string): Promise<List> {
  const response = await call("GET", path, undefined, "pk_test");
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return await response.json<List>();
}

export function listIds(list: List): string[] {
  return list.items.map((item) => item.item_id);
}

/** Lets ms pass for everybody who asks the clock; nobody waits. */
export function letPass(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

/** Long enough for every isolate to look anew at what it has cached, ms. */
const LONG_IDLE = 60_000;

/** Lets the file's tests turn the clock once its set-up is done (call it below `beforeAll`); each test begins after a long idle time. */
export function turnTheClock(): void {
  beforeAll(() => {
    vi.useFakeTimers({ toFake: ["Date"] });
  });
  beforeEach(() => letPassLongIdle());
  afterAll(() => {
    vi.useRealTimers();
  });
}

export function letPassLongIdle(): void {
  letPass(LONG_IDLE);
}

let serial = 0;

/** An event of a shopper who agreed to everything, a minute ago; later calls are later events. */
export function makeEvent(
  name: string,
  anonymous_id: string,
  item_ids: readonly string[],
  more: object = {},
) {
  serial += 1;
  return {
    event_id: `made-${serial}`,
    name,
    timestamp: new Date(Date.now() - 60_000 + serial).toISOString(),
    anonymous_id,
    session_id: `s-${anonymous_id}`,
    items: item_ids.map((item_id) => ({ item_id })),
    consent: { analytics: true, personalization: true },
    ...more,
  };
}

export async function sendAll(events: readonly object[]): Promise<void> {
  for (let from = 0; from < events.length; from += 100) {
    const body = JSON.stringify({ events: events.slice(from, from + 100) });
    const response = await call("POST", "/v1/events", body, "pk_test");
    const verdicts = await response.json<{ rejected: unknown[] }>();
    expect(verdicts.rejected).toEqual([]);
  }
}

/** Waits until a table holds this many rows: the queue takes its time. */
export async function waitForRows(table: string, rows: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const row = await env.DB.prepare(`select count(*) as n from ${table}`).first<{ n: number }>();
      expect(row?.n).toBeGreaterThanOrEqual(rows);
    },
    { timeout: 20_000, interval: 100 },
  );
}
