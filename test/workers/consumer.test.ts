// The queue's other end, in real D1: every message once, whatever fails beside it.
import { env } from "cloudflare:workers";
import {
  applyD1Migrations,
  createExecutionContext,
  createMessageBatch,
  getQueueResult,
} from "cloudflare:test";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { LogEntry } from "../../durable/contract.ts";
import worker from "../../src/index.ts";
import { consumeLog, retryDelay } from "../../src/stream/consume.ts";
import { countRows, request } from "./support/api.ts";

const NOW = Date.UTC(2026, 0, 15);

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));

beforeEach(async () => {
  for (const table of [
    "events",
    "dead_letters",
    "rejected_events",
    "impressions",
    "erasures",
    "items",
  ]) {
    await env.DB.exec(`delete from ${table}`);
  }
});

function makeEntry(
  event_id: string,
  change: Partial<LogEntry["event"]> = {},
  shopper = "s1",
): LogEntry {
  const line = { price: 100, quantity: 1, category: null, brand: null, list_id: null, index: null };
  return {
    shopper,
    linked_from: null,
    event: {
      event_id,
      name: "view_item",
      timestamp: NOW,
      session_id: null,
      items: [
        { item_id: "a", ...line },
        { item_id: "b", ...line },
      ],
      value: null,
      search_term: null,
      transaction_id: null,
      recommendation_id: null,
      ...change,
    },
    consent: { analytics: true, personalization: true },
    context: { country: "NL", device: null, referrer: null, page: null },
    received_at: NOW,
  };
}

function makeEvents(...ids: string[]) {
  return { kind: "events", entries: ids.map((id) => makeEntry(id)) };
}

function makeBatch(bodies: readonly unknown[], queue = "millrace-log") {
  return createMessageBatch(
    queue,
    bodies.map((body, i) => ({ id: `${queue}-${i}`, timestamp: new Date(NOW), attempts: 1, body })),
  );
}

/** Ids that were acknowledged and sent back, by their place in the batch. */
async function consume(
  bodies: readonly unknown[],
  { queue = "millrace-log", database = env.DB } = {},
) {
  const batch = makeBatch(bodies, queue);
  const context = createExecutionContext();
  await worker.queue(batch, { ...env, DB: database });
  const { explicitAcks, retryMessages } = await getQueueResult(batch, context);
  const placeOf = (id: string) => Number(id.split("-").at(-1));
  return {
    acked: explicitAcks.map(placeOf).sort(),
    retried: retryMessages.map(({ msgId }) => placeOf(msgId)).sort(),
  };
}

/** The real D1, but for batches that the test wants to fail. */
function failBatches(
  database: D1Database,
  fails: (call: number, statements: number) => boolean,
): D1Database {
  let call = 0;
  return new Proxy(database, {
    get(target, property) {
      if (property !== "batch") {
        const value: unknown = Reflect.get(target, property);
        return typeof value === "function" ? value.bind(target) : value;
      }
      return async (statements: D1PreparedStatement[]) => {
        if (fails(call++, statements.length)) throw new Error("D1_ERROR: out of order");
        return await target.batch(statements);
      };
    },
  });
}

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
    const shown = {
      recommendation_id: "r",
      shopper: "s1",
      surface: "home",
      model_version: null,
      source: "trending",
      score: 0.25,
      timestamp: NOW,
    };
    const rows = ["a", "b"].map((item_id, position) => ({ ...shown, item_id, position }));
    await consume([
      { kind: "impressions", rows },
      { kind: "impressions", rows },
    ]);
    expect(await countRows("impressions", "score = 0.25")).toBe(2);
  });
});

describe("stock", () => {
  const stockOf = async () =>
    (await env.DB.prepare("select stock from items").first<{ stock: number }>())?.stock;
  const update = (id: string, timestamp: number, quantity: number) => {
    const line = {
      item_id: "a",
      price: null,
      quantity,
      category: null,
      brand: null,
      list_id: null,
      index: null,
    };
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
});

describe("dead letters", () => {
  it("are kept, listed, sent again, and gone", async () => {
    expect(
      await consume([makeEvents("late"), makeEvents("later")], { queue: "millrace-dead" }),
    ).toEqual({ acked: [0, 1], retried: [] });
    const listed = await (await request("GET", "/v1/dead-letters?limit=1")).json();
    expect(listed).toMatchObject({
      dead_letters: [{ reason: "retries exhausted", body: { kind: "events" } }],
    });
    const sent: unknown[] = [];
    const { redriveDeadLetters } = await import("../../src/stream/dead-letters.ts");
    const queue = { send: async (body: unknown) => void sent.push(body) };
    expect(await redriveDeadLetters(env.DB, queue, 10)).toBe(2);
    expect(sent).toEqual([makeEvents("late"), makeEvents("later")]);
    expect(await countRows("dead_letters")).toBe(0);
    const again = await request("POST", "/v1/dead-letters/redrive");
    expect(await again.json()).toEqual({ redriven: 0 });
  });

  it("stay where the queue does not take them", async () => {
    await consume([makeEvents("x"), makeEvents("y")], { queue: "millrace-dead" });
    const { redriveDeadLetters } = await import("../../src/stream/dead-letters.ts");
    const shut = { send: () => Promise.reject(new Error("full")) };
    await expect(redriveDeadLetters(env.DB, shut, 10)).rejects.toThrow("full");
    expect(await countRows("dead_letters")).toBe(2);
  });

  it("wait in the queue while D1 is away", async () => {
    const database = failBatches(env.DB, () => true);
    expect(await consume([makeEvents("x")], { queue: "millrace-dead", database })).toEqual({
      acked: [],
      retried: [0],
    });
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
