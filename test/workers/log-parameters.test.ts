// D1 binds at most 100 parameters a statement: every bind is counted here, under work as large as it may be.
import { env } from "cloudflare:workers";
import { applyD1Migrations, runDurableObjectAlarm } from "cloudflare:test";
import { afterAll, beforeAll, expect, it, vi, type MockInstance } from "vitest";
import { MAX_PARAMETERS } from "../../src/d1/compile-statement.ts";
import { request, sendEvents } from "./support/api.ts";
import { consume, makeEntry, makeShownList } from "./support/queue.ts";

const NOW = Date.now();
const MANY = 1000;

let binds: MockInstance<D1PreparedStatement["bind"]>;

beforeAll(async () => {
  await applyD1Migrations(env.DB, env.D1_MIGRATIONS);
  const statement: D1PreparedStatement = Object.getPrototypeOf(env.DB.prepare("select 1"));
  binds = vi.spyOn(statement, "bind");
});

afterAll(() => vi.restoreAllMocks());

/** The most parameters that one statement of the work binds. */
async function measure(work: () => Promise<unknown>): Promise<number> {
  binds.mockClear();
  await work();
  return Math.max(0, ...binds.mock.calls.map((values) => values.length));
}

it("sees every statement, and stands before a database that keeps the limit", async () => {
  const select = (count: number) => () =>
    env.DB.prepare(`select ${Array.from({ length: count }, () => "?").join(", ")}`)
      .bind(...Array.from({ length: count }, () => 1))
      .first();
  expect(await measure(select(MAX_PARAMETERS))).toBe(MAX_PARAMETERS);
  await expect(measure(select(MAX_PARAMETERS + 1))).rejects.toThrow("too many SQL variables");
});

it("binds few parameters however large the work", async () => {
  const numbers = Array.from({ length: MANY }, (_, i) => i);
  const entries = numbers.map((i) =>
    makeEntry(`p${i}`, i % 2 === 0 ? {} : { name: "stock_update" }, `p${i}`),
  );
  const rows = numbers.map((i) => makeShownList(`r${i}`, ["a", "b"]));
  const rejected = numbers.map((i) => ({
    fingerprint: `${i}`,
    shopper: null,
    event_id: null,
    code: "c",
    message: "m",
    row: "{}",
    received_at: NOW,
  }));
  const works: Record<string, () => Promise<unknown>> = {
    consume: () =>
      consume([
        { kind: "events", entries },
        { kind: "shown", rows },
        { kind: "rejected", rows: rejected },
        ...numbers.map(() => ({ kind: "poison" })),
      ]),
    "dead letters": () => request("GET", "/v1/dead-letters"),
    redrive: () => request("POST", "/v1/dead-letters/redrive"),
    stats: () => request("GET", "/v1/stats"),
    stock: () =>
      request("PUT", "/v1/stock", {
        body: { items: numbers.map((i) => ({ item_id: `${i}`, stock: 1 })) },
      }),
    outbox: async () => {
      const who = {
        anonymous_id: "busy",
        items: [{ item_id: "i" }],
        name: "view_item",
        timestamp: NOW,
      };
      for (let batch = 0; batch < 3; batch++) {
        await sendEvents(
          Array.from({ length: 100 }, (_, i) => ({ ...who, event_id: `o${batch}-${i}` })),
        );
      }
      vi.setSystemTime(NOW + 60_000);
      const profile = await (
        await request("GET", "/v1/shoppers/busy/profile")
      ).json<{ shopper: string }>();
      expect(await runDurableObjectAlarm(env.SHOPPER.getByName(profile.shopper))).toBe(true);
    },
    export: () =>
      request("GET", "/v1/shoppers/busy/export").then((response) => response.arrayBuffer()),
    erase: () => request("DELETE", "/v1/shoppers/busy"),
  };
  for (const [name, work] of Object.entries(works)) {
    const parameters = await measure(work);
    expect([name, parameters <= MAX_PARAMETERS]).toEqual([name, true]);
    if (name === "consume" || name === "outbox") expect(parameters).toBeGreaterThan(0);
  }
  vi.useRealTimers();
});
