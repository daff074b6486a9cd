// The log as others read it: its tail, a shopper's export, what erasing leaves, what housekeeping drops.
import { env } from "cloudflare:workers";
import { applyD1Migrations } from "cloudflare:test";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { cleanRows } from "../../src/batch/clean/clean.ts";
import { decodeRows, encodeRows } from "../../src/batch/export/parquet.ts";
import { readSlice } from "../../src/batch/export/slice.ts";
import { runSchedule } from "../../src/batch/schedule.ts";
import { toEvent } from "../../src/log/event-rows.ts";
import { readLastSeq, readLogTail } from "../../src/log/log-tail.ts";
import { countRows, readProfile, request, sendEvents } from "./support/api.ts";

const NOW = Date.now();
const DAY = 86_400_000;

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));

function view(event_id: string, who: object) {
  return { event_id, name: "view_item", timestamp: NOW, items: [{ item_id: "i" }], ...who };
}

/** The queue delivers by itself, within its batch timeout. */
async function waitForLog(ids: readonly string[]): Promise<void> {
  const list = ids.map(() => "?").join(", ");
  await vi.waitFor(
    async () =>
      expect(await countRows("events", `line = 0 and event_id in (${list})`, ...ids)).toBe(
        ids.length,
      ),
    { timeout: 20_000, interval: 100 },
  );
}

async function exportLines(
  id: string,
): Promise<{ kind: string; event_id?: string; shopper: string }[]> {
  const response = await request("GET", `/v1/shoppers/${id}/export`);
  expect(response.headers.get("content-type")).toContain("ndjson");
  return (await response.text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("the way from the door to the log", () => {
  it("ends in rows under a pseudonym, which the tail tells in order", async () => {
    const after = await readLastSeq(env.DB);
    await sendEvents([
      view("w1", { user_id: "walter@example.com" }),
      view("w2", { user_id: "walter@example.com" }),
    ]);
    await waitForLog(["w1", "w2"]);
    const rows = await readLogTail(env.DB, after, 10);
    expect(rows.map(({ event_id, item_id }) => [event_id, item_id])).toEqual([
      ["w1", "i"],
      ["w2", "i"],
    ]);
    expect(JSON.stringify(rows)).not.toContain("walter");
    const [first] = rows;
    expect(await readLogTail(env.DB, first?.seq ?? 0, 10)).toEqual(rows.slice(1));
    expect(await readLogTail(env.DB, after, 1)).toEqual(rows.slice(0, 1));
    expect(await readLastSeq(env.DB)).toBe(rows.at(-1)?.seq);
  });

  it("goes on to the export with every field, the coupons of an order and of its items too", async () => {
    const items = [{ item_id: "i", coupon: "ONE" }, { item_id: "j" }];
    const order = { ...view("w3", { anonymous_id: "wanda" }), name: "purchase" };
    await sendEvents([{ ...order, items, coupon: "ALL" }]);
    await waitForLog(["w3"]);
    const slice = { from: 0, to: await readLastSeq(env.DB) };
    const rows = (await readSlice(env.DB, slice)).filter(({ event_id }) => event_id === "w3");
    const { kept } = cleanRows(rows, new Map(), new Map());
    const bytes = encodeRows(kept, { currency: "EUR", scale: 100 });
    const event = toEvent(await decodeRows(bytes.buffer));
    expect(event.coupon).toBe("ALL");
    expect(event.items.map(({ coupon }) => coupon)).toEqual(["ONE", null]);
  });

  it("keeps a refused row without the person in it", async () => {
    const row = {
      ...view("r1", { user_id: "rita@example.com", email: "rita@example.com" }),
      name: "dance",
    };
    await sendEvents([row, { ...row, event_id: 5 }, "text"]);
    // Another file's messages may still come in.
    const own = `event_id in ('r1', '5') or row = '{"type":"string"}'`;
    await vi.waitFor(async () => expect(await countRows("rejected_events", own)).toBe(3), {
      timeout: 20_000,
      interval: 100,
    });
    const { results } = await env.DB.prepare(
      `select * from rejected_events where ${own} order by id`,
    ).all();
    expect(JSON.stringify(results)).not.toContain("rita");
    expect(results).toMatchObject([
      {
        event_id: "r1",
        code: "unknown_event_name",
        times: 1,
        row: expect.stringContaining('"name":"dance"'),
      },
      { event_id: "5", code: "unknown_event_name" },
      { event_id: null, code: "invalid_event", row: '{"type":"string"}' },
    ]);
    const stats = await (await request("GET", "/v1/stats")).json<Record<string, number>>();
    expect(stats["rejected"]).toBeGreaterThanOrEqual(3);
    expect(stats["rejected_times"]).toBeGreaterThanOrEqual(3);
  });
});

describe("one shopper", () => {
  it("is exported and forgotten whole, with the visitor that was, and nobody else", async () => {
    const identify = {
      event_id: "f3",
      name: "identify",
      timestamp: NOW,
      anonymous_id: "f-visitor",
      user_id: "f-user",
    };
    await sendEvents([
      view("f1", { anonymous_id: "f-visitor" }),
      view("f2", { user_id: "f-user" }),
      view("g1", { user_id: "other" }),
    ]);
    await sendEvents([identify, view("f4", { anonymous_id: "f-visitor" })]);
    await waitForLog(["f1", "f2", "f3", "f4", "g1"]);
    const letter = (shopper: string) => ({
      kind: "events",
      entries: [{ shopper, event: {} }, { shopper: "x".repeat(32) }],
    });
    const shopper = (await readProfile("f-user"))?.shopper ?? "";
    await env.DB.prepare(
      "insert into dead_letters (message_id, reason, body, stored_at) values ('m', 'r', ?, 1), ('n', 'r', ?, 1)",
    )
      .bind(JSON.stringify(letter(shopper)), JSON.stringify({ about: shopper }))
      .run();

    const lines = await exportLines("f-user");
    expect(lines[0]).toMatchObject({ kind: "memory", shopper });
    const exported = lines.filter(({ kind }) => kind === "event").map(({ event_id }) => event_id);
    expect(new Set(exported)).toEqual(new Set(["f1", "f2", "f3", "f4"]));
    expect(exported).toHaveLength(4);

    const erased = await (
      await request("DELETE", "/v1/shoppers/f-user")
    ).json<{ erased: string[] }>();
    const visitor = lines.find(({ event_id }) => event_id === "f1")?.shopper;
    expect(erased.erased).toEqual(expect.arrayContaining([shopper, visitor]));
    expect(await countRows("events", "event_id in ('f1', 'f2', 'f3', 'f4')")).toBe(0);
    expect(await countRows("events", "event_id = 'g1'")).toBe(1);
    const { results } = await env.DB.prepare(
      "select message_id, body from dead_letters where message_id in ('m', 'n')",
    ).all();
    expect(results).toEqual([
      {
        message_id: "m",
        body: JSON.stringify({ kind: "events", entries: [{ shopper: "x".repeat(32) }] }),
      },
    ]);
    expect(await readProfile("f-user")).toBe(null);
    expect(await readProfile("f-visitor")).toBe(null);
    expect((await request("GET", "/v1/shoppers/f-user/export")).status).toBe(404);
    expect((await request("DELETE", "/v1/shoppers/f-user")).status).toBe(200);
  });

  it("may come back as if for the first time", async () => {
    await sendEvents([view("b1", { user_id: "back" })]);
    await request("DELETE", "/v1/shoppers/back");
    // What is of before the erasure is not taken again.
    expect(await sendEvents([view("b1", { user_id: "back" })])).toMatchObject({ accepted: 0 });
    const erased = Date.now();
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(erased));
    const later = { ...view("b1", { user_id: "back" }), timestamp: Date.now() };
    expect(await sendEvents([later])).toMatchObject({ accepted: 1, duplicates: 0 });
    expect((await readProfile("back"))?.profile.counts["view_item"]).toBe(1);
  });
});

describe("the clock", () => {
  it("drops what is kept for a while only", async () => {
    const insert = env.DB.prepare("insert into erasures (shopper, erased_at) values (?, ?)");
    await env.DB.batch([
      insert.bind("long ago", NOW - 121 * DAY),
      insert.bind("lately", NOW - 119 * DAY),
    ]);
    const show = env.DB.prepare(
      "insert into shown_lists (recommendation_id, first, shopper, surface, timestamp, items, origins, arms) " +
        "values (?, 0, '', 'home', ?, '[]', '[]', '[]')",
    );
    const shadow = env.DB.prepare(
      "insert into shadow_lists (recommendation_id, experiment, shopper, surface, shown, items, failed, timestamp) " +
        "values (?, 'e', '', 'home', 1, '[]', 0, ?)",
    );
    await env.DB.batch(
      [show, shadow].flatMap((statement) => [
        statement.bind("shown long ago", NOW - 91 * DAY),
        statement.bind("shown lately", NOW - 89 * DAY),
      ]),
    );
    await runSchedule("23 2 * * *", env, NOW);
    expect(await countRows("erasures", "shopper in ('long ago', 'lately')")).toBe(1);
    const isNamed = "recommendation_id in ('shown long ago', 'shown lately')";
    for (const table of ["shown_lists", "shadow_lists"]) {
      const { results } = await env.DB.prepare(
        `select recommendation_id as id from ${table} where ${isNamed}`,
      ).all();
      expect(results).toEqual([{ id: "shown lately" }]);
    }
  });

  it("knows a job list for every cron that wrangler.toml names, and no other", async () => {
    await expect(runSchedule("7 * * * *", env, NOW)).resolves.toBeUndefined();
    await expect(runSchedule("* * * * *", env, NOW)).rejects.toThrow("No jobs");
  });
});
