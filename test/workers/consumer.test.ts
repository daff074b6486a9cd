// The queue's other end, in real D1: every message once, whatever fails beside it.
import { env } from "cloudflare:workers";
import { applyD1Migrations } from "cloudflare:test";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { writeItems, writeStock } from "../../src/catalog/write-items.ts";
import { consumeLog, retryDelay } from "../../src/log/consume.ts";
import { countRows } from "./support/api.ts";
import {
  consume,
  emptyLog,
  failBatches,
  makeBatch,
  makeEntry,
  makeEvents,
  makeShownList,
  NOW,
} from "./support/queue.ts";
import { makeLine } from "../support/records.ts";

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));

beforeEach(emptyLog);

describe("the log's consumer", () => {
  it("writes one row an item line, and one for an event without items", async () => {
    const entries = [
      makeEntry("e1"),
      makeEntry("e2", { name: "search", items: [], search_term: "boots" }),
    ];
    expect(await consume([{ kind: "events", entries }])).toEqual({ acked: [0], retried: [] });
    const { results } = await env.DB.prepare(
      "select event_id, line, item_id, price, search_term, country, personalization from events order by seq",
    ).all();
    const shared = { country: "NL", personalization: 1 };
    expect(results).toEqual([
      { event_id: "e1", line: 0, item_id: "a", price: 100, search_term: null, ...shared },
      { event_id: "e1", line: 1, item_id: "b", price: 100, search_term: null, ...shared },
      { event_id: "e2", line: 0, item_id: null, price: null, search_term: "boots", ...shared },
    ]);
  });

  it("writes a message once, however often it comes", async () => {
    for (let i = 0; i < 3; i++) await consume([makeEvents("e1", "e2"), makeEvents("e2", "e3")]);
    expect(await countRows("events")).toBe(6);
  });

  it("keeps two shoppers apart who use the same event id", async () => {
    await consume([
      { kind: "events", entries: [makeEntry("1", {}, "s1"), makeEntry("1", {}, "s2")] },
    ]);
    expect(await countRows("events", "line = 0")).toBe(2);
  });

  it("puts a poison message aside with its reason, and takes the others", async () => {
    const poison = { kind: "events", entries: [{ shopper: "s1" }] };
    const bodies = [makeEvents("e1"), poison, makeEvents("e2"), { kind: "nonsense" }, null, "text"];
    expect(await consume(bodies)).toEqual({ acked: [0, 1, 2, 3, 4, 5], retried: [] });
    expect(await countRows("events", "line = 0")).toBe(2);
    expect(await countRows("dead_letters", "reason like 'unreadable: %'")).toBe(4);
  });

  it("sends back only what failed when it breaks half-way, and loses and doubles nothing", async () => {
    const bodies = [makeEvents("e1"), makeEvents("e2"), makeEvents("e3"), makeEvents("e4")];
    // The whole batch fails, then the second and the third message by themselves.
    const database = failBatches(env.DB, (call) => [0, 2, 3].includes(call));
    expect(await consume(bodies, { database })).toEqual({ acked: [0, 3], retried: [1, 2] });
    expect(await countRows("events", "line = 0")).toBe(2);
    expect(await consume([bodies[1], bodies[2]])).toEqual({ acked: [0, 1], retried: [] });
    expect(await countRows("events", "line = 0")).toBe(4);
    expect(await countRows("events")).toBe(8);
  });

  it("writes no half of a batch that D1 refuses", async () => {
    await env.DB.exec(
      "create trigger full before insert on events when new.event_id = 'e2' begin select raise(abort, 'full'); end",
    );
    try {
      expect(await consume([makeEvents("e1", "e2"), makeEvents("e3")])).toEqual({
        acked: [1],
        retried: [0],
      });
      expect(await countRows("events", "event_id = 'e1'")).toBe(0);
    } finally {
      await env.DB.exec("drop trigger full");
    }
  });

  it("sends all back while D1 is away, and waits longer each time", async () => {
    const database = failBatches(env.DB, () => true);
    expect(await consume([makeEvents("e1"), { poison: true }], { database })).toEqual({
      acked: [],
      retried: [0, 1],
    });
    expect([1, 2, 3, 9].map(retryDelay)).toEqual([2, 4, 8, 60]);
  });

  it("takes the largest batch there can be in one go", async () => {
    const bodies = Array.from({ length: 100 }, (_, i) =>
      makeEvents(...Array.from({ length: 100 }, (_, j) => `${i}/${j}`)),
    );
    expect((await consume(bodies)).acked).toHaveLength(100);
    expect(await countRows("events", "line = 0")).toBe(10_000);
  });

  it("keeps refused rows, and counts the ones that come again", async () => {
    const row = {
      fingerprint: "f",
      shopper: null,
      event_id: null,
      code: "c",
      message: "m",
      row: "{}",
      received_at: NOW,
    };
    await consume([
      { kind: "rejected", rows: [row] },
      { kind: "rejected", rows: [{ ...row, received_at: NOW + 5 }] },
    ]);
    const { results } = await env.DB.prepare(
      "select times, first_at, last_at from rejected_events",
    ).all();
    expect(results).toEqual([{ times: 2, first_at: NOW, last_at: NOW + 5 }]);
  });

  it("keeps what was shown", async () => {
    const pages = [
      makeShownList("r", ["a", "b"]),
      makeShownList("r", ["c"], { first: 2, arms: [["v", "m"]] }),
    ];
    await consume([
      { kind: "shown", rows: pages },
      { kind: "shown", rows: pages },
    ]);
    const shown = env.DB.prepare(
      "select position, item_id, variant, model_version from impressions",
    );
    expect(await shown.raw()).toEqual([
      [0, "a", null, null],
      [1, "b", null, null],
      [2, "c", "v", "m"],
    ]);
  });

  it("takes what an earlier version put into the queue, once", async () => {
    const row = (recommendation_id: string, position: number) => ({
      recommendation_id,
      position,
      item_id: `${recommendation_id}${position}`,
      shopper: "s1",
      surface: "home",
      model_version: "m",
      source: "trending",
      score: 0.25,
      timestamp: NOW,
    });
    const rows = [row("q", 0), row("q", 1), row("q", 3), row("r", 4)];
    const message = { kind: "impressions", rows };
    expect(await consume([message, message])).toEqual({ acked: [0, 1], retried: [] });
    const shown = env.DB.prepare(
      "select recommendation_id, position, item_id, model_version, source, score, variant from impressions order by 1, 2",
    );
    expect(await shown.raw()).toEqual(
      [0, 1, 3]
        .map((index) => ["q", index, `q${index}`, "m", "trending", 0.25, null])
        .concat([["r", 4, "r4", "m", "trending", 0.25, null]]),
    );
    expect(await countRows("shown_lists")).toBe(3);
  });

  it("pays for a list what it pays for one item", async () => {
    const ids = Array.from({ length: 100 }, (_, i) => `item-${i}`);
    await consume([{ kind: "shown", rows: [makeShownList("long", ids)] }]);
    expect(await countRows("impressions")).toBe(100);
    const columns = "shopper, surface, timestamp, items, origins, arms";
    const again = await env.DB.prepare(
      `insert into shown_lists (recommendation_id, first, ${columns}) select 'again', first, ${columns} from shown_lists`,
    ).run();
    // The row, and its entries in three indexes.
    expect(again.meta.rows_written).toBe(4);
  });
});

describe("stock", () => {
  const stockOf = async () =>
    (await env.DB.prepare("select stock from items").first<{ stock: number }>())?.stock;
  const update = (id: string, timestamp: number, quantity: number) => {
    const line = makeLine("a", { quantity });
    return {
      kind: "events",
      entries: [makeEntry(id, { name: "stock_update", timestamp, items: [line] }, "shop")],
    };
  };

  it("follows the latest level, in whichever order the levels come", async () => {
    await env.DB.exec(
      "insert into items (item_id, created_at, deleted, changed) values ('a', 0, 0, 1)",
    );
    expect((await consume([update("2", NOW + 1, 7)])).acked).toEqual([0]);
    expect(await stockOf()).toBe(7);
    await consume([update("1", NOW, 3), update("0", NOW - 1, 9)]);
    expect(await stockOf()).toBe(7);
    await consume([update("3", NOW + 2, 0)]);
    expect(await stockOf()).toBe(0);
  });

  it.each([
    ["one by one", [["b"], ["a"], ["c"]]],
    ["one by one, the other way round", [["c"], ["a"], ["b"]]],
    ["together", [["a", "c", "b"]]],
    ["together, the other way round", [["b", "c", "a"]]],
  ])("is the one of the last id of levels of the same moment that come %s", async (_, batches) => {
    await env.DB.exec(
      "insert into items (item_id, created_at, deleted, changed) values ('a', 0, 0, 1)",
    );
    const levels: Record<string, number> = { a: 1, b: 2, c: 3 };
    const told = (id: string) => update(id, NOW, levels[id] ?? 0);
    for (const batch of batches) await consume(batch.map(told));
    expect(await stockOf()).toBe(3);
  });

  it("is found among any number of older levels", async () => {
    await env.DB.exec(
      "insert into items (item_id, created_at, deleted, changed) values ('a', 0, 0, 1)",
    );
    await consume(Array.from({ length: 40 }, (_, i) => update(`${i}`, NOW + (i % 20), i)));
    expect(await stockOf()).toBe(39);
  });

  it("keeps what the shop set by other means after the level was counted", async () => {
    await env.DB.exec(
      "insert into items (item_id, created_at, deleted, changed) values ('a', 0, 0, 1)",
    );
    await writeStock(env.DB, [{ item_id: "a", stock: 5, at: NOW }]);
    await consume([update("stale", NOW - 1, 0)]);
    expect(await stockOf()).toBe(5);
    await writeItems(env.DB, [{ item_id: "a", stock: 6 }], NOW + 2);
    await consume([update("stale as well", NOW + 1, 0)]);
    expect(await stockOf()).toBe(6);
    await writeItems(env.DB, [{ item_id: "a", title: "A" }], NOW + 9);
    await consume([update("news", NOW + 3, 1)]);
    expect(await stockOf()).toBe(1);
  });
});

it("takes what was on its way about a forgotten shopper for nothing", async () => {
  await env.DB.prepare("insert into erasures (shopper, erased_at) values ('s1', ?)")
    .bind(NOW)
    .run();
  const back = { ...makeEntry("new"), received_at: NOW + 1 };
  await consumeLog(
    makeBatch([makeEvents("old"), { kind: "events", entries: [back] }]),
    env.DB,
    NOW,
  );
  expect(await countRows("events", "event_id = 'old'")).toBe(0);
  expect(await countRows("events", "event_id = 'new'")).toBe(2);
});
