// What was refused can be seen: by reason, with what to change, and without the people it was about. And what is old can
// be sent after all.
import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { countRows, readProfile, request, sendEvents, type Verdicts } from "./support/api.ts";
import { waitForRows } from "./support/shop.ts";

const NOW = Date.now();
const DAY = 86_400_000;

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));

type Reason = { code: string; times: number; advice: string; samples: { row: string }[] };

function event(event_id: string, more: object) {
  return { event_id, timestamp: NOW, user_id: "rita@example.com", ...more };
}

describe("GET /v1/rejected", () => {
  it("tells reasons, counts, samples and advice, and names nobody", async () => {
    const secret = "rita@example.com";
    await sendEvents([
      event("r1", { name: "dance", context: { page: `https://s.example/p?mail=${secret}` } }),
      event("r2", { name: "dance", search_term: secret, session_id: secret, note: secret }),
      event("r3", { name: "view_item", items: [{ item_id: "i", price: -1, engraving: secret }] }),
      event("r4", {
        name: "purchase",
        transaction_id: "T",
        items: [{ item_id: "A" }, { item_id: "SHIP", price: -3, engraving: secret }],
      }),
      event("r5", {
        name: "dance",
        consent: { analytics: false, personalization: false },
        context: { page: `https://s.example/${secret}` },
      }),
    ]);
    await vi.waitFor(
      async () => expect(await countRows("rejected_events", "event_id like 'r_'")).toBe(5),
      { timeout: 20_000, interval: 100 },
    );
    const response = await request("GET", "/v1/rejected?samples=20");
    const { rejected } = await response.json<{ rejected: Reason[] }>();
    // Another file's messages may still come in.
    for (const [code, least] of [
      ["unknown_event_name", 3],
      ["invalid_event", 1],
      ["invalid_price", 1],
    ] as const) {
      const reason = rejected.find((each) => each.code === code);
      expect(reason?.times, code).toBeGreaterThanOrEqual(least);
      expect(reason?.samples.length, code).toBeGreaterThanOrEqual(least);
      expect(reason?.advice.length, code).toBeGreaterThan(20);
    }
    expect(JSON.stringify(rejected)).not.toContain("rita");
    expect(JSON.stringify(rejected)).toContain("SHIP");
    const none = await request("GET", "/v1/rejected?samples=0");
    expect(JSON.stringify(await none.json())).not.toContain("SHIP");
  });
});

describe("POST /v1/backfill", () => {
  const send = async (events: unknown[]) => {
    const response = await request("POST", "/v1/backfill", { body: { events } });
    expect(response.status).toBe(202);
    return await response.json<Verdicts>();
  };
  const old = (id: string, days: number, more: object) => ({
    event_id: id,
    user_id: "old",
    timestamp: NOW - days * DAY,
    // Sent now by an exporting program: the clock was right all the time.
    sent_at: NOW - days * DAY,
    ...more,
  });

  it("takes the past into log and orders, however late", async () => {
    await sendEvents([
      event("b0", { user_id: "old", name: "view_item", items: [{ item_id: "i" }] }),
    ]);
    const verdicts = await send([
      old("b3", 700, {
        name: "purchase",
        transaction_id: "T3",
        items: [{ item_id: "a", price: 3 }],
      }),
      old("b1", 400, { name: "view_item", items: [{ item_id: "a" }] }),
      old("b2", 900, {
        name: "purchase",
        transaction_id: "T2",
        items: [{ item_id: "b", price: 2 }],
      }),
    ]);
    expect(verdicts).toMatchObject({ accepted: 3, rejected: [] });
    expect(await readProfile("old")).toMatchObject({
      profile: { purchases: { orders: 2, revenue: 5 } },
    });
    await waitForRows("events", 4);
    expect(await countRows("events", "timestamp = ?", NOW - 700 * DAY)).toBe(1);
  });

  it("folds whole what comes in order of time", async () => {
    const views = [500, 400, 300].map((days) =>
      old(`v${days}`, days, {
        user_id: "new",
        name: "view_item",
        items: [{ item_id: `i${days}` }],
      }),
    );
    expect(await send(views.toReversed())).toMatchObject({ accepted: 3, late: 0 });
    expect((await readProfile("new"))?.profile.counts["view_item"]).toBe(3);
  });
});
