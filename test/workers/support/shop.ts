// A shop inside the test's own isolate: requests to the Worker, items, events, and time that passes at once.
import { applyD1Migrations } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { vi } from "vitest";

type Shown = { item_id: string; source: string; reason: { code: string; item_id?: string } };
export type List = {
  recommendation_id: string;
  model_version: string | null;
  personal: boolean;
  degraded: string[];
  items: Shown[];
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
  return await exports.default.fetch(new Request(ORIGIN + path, { method, headers, body }));
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
