// What a list is made of where the Worker cannot reach what it needs: always an answer, within one budget, and it says
// what it had to do without.
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { ANSWER_BUDGET } from "../../src/isolate/isolate.ts";
import { injectFaults, NO_FAULTS } from "./support/faults.ts";
import type { Faults, Pending } from "./support/faults.ts";
import { promote, publishPair, renamePair, trainPair } from "./support/registry.ts";
import { listIds, makeEvent, openShop, putItems, sendAll, waitForRows } from "./support/shop.ts";
import type { List } from "./support/shop.ts";

const VOCABULARY = Array.from({ length: 24 }, (_, i) => `item-${i}`);
const ASK = "/v1/recommendations?anonymous_id=ann&limit=6";
/** Timers run this far ahead at a time, ms: finer than any difference that is looked at. */
const STEP = 50;
/** Turns of 2 ms without a call under way after which nothing but a timer can bring an answer. */
const QUIET_TURNS = 8;
const MOST_TURNS = 1000;

const app = createApp();

beforeAll(async () => {
  await openShop();
  await putItems(VOCABULARY.map((item_id) => ({ item_id, category: "all", price: 10 })));
  const pair = renamePair(await trainPair(VOCABULARY), "1");
  await publishPair(pair);
  await promote(pair.nextItem);
  await promote(pair.ranking);
  const crowd = Array.from({ length: 20 }, (_, i) =>
    ["item-3", `item-${4 + (i % 3)}`].map((id) => makeEvent("view_item", `crowd-${i}`, [id])),
  );
  await sendAll([...crowd.flat(), makeEvent("view_item", "ann", ["item-3"])]);
  await waitForRows("events", 41);
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
}, 120_000);

afterAll(() => vi.useRealTimers());

/** A Worker of its own, and what it does with its bindings. */
function openWorker(change: Partial<Faults> = {}) {
  const faults = { ...NO_FAULTS, ...change };
  const pending: Pending = { calls: 0 };
  const own = injectFaults(env, faults, pending);
  /** Real work gets real time before the timers go on: until no call is under way for a while, or an answer came. */
  async function rest(came: readonly unknown[]): Promise<void> {
    for (let quiet = 0, turn = 0; quiet < QUIET_TURNS && turn < MOST_TURNS; turn++) {
      if (came.length > 0) return;
      quiet = pending.calls > 0 ? 0 : quiet + 1;
      await scheduler.wait(2);
    }
  }
  /** The answer, and for how long the Worker's timers had to run for it, ms. */
  async function ask(path = ASK): Promise<{ list: List; waited: number }> {
    const request = new Request(`https://shop.example${path}`, {
      headers: { authorization: "Bearer pk_test" },
    });
    const came: Response[] = [];
    const asked = Promise.resolve(app.fetch(request, own, createExecutionContext()));
    void asked.then((response) => came.push(response));
    for (let waited = 0; waited < 10_000; waited += STEP) {
      await rest(came);
      const [response] = came;
      if (response !== undefined) {
        expect(response.status).toBe(200);
        return { list: await response.json<List>(), waited };
      }
      await vi.advanceTimersByTimeAsync(STEP);
    }
    throw new Error("no answer within 10 s");
  }
  /** Asks until an answer lacks nothing. */
  async function warmUp(): Promise<List> {
    let last: string[] = [];
    for (let tries = 0; tries < 60; tries++) {
      const { list } = await ask();
      if (list.degraded.length === 0) return list;
      last = list.degraded;
      await vi.advanceTimersByTimeAsync(1000);
    }
    throw new Error(`no answer is whole: ${last.join()}`);
  }
  return { faults, ask, warmUp };
}

it("answers by what counts neighbours and trends where models cannot be read", async () => {
  for (const BUCKET of ["fails", "hangs"] as const) {
    const worker = openWorker({ BUCKET });
    await worker.ask();
    const { list, waited } = await worker.ask();
    expect(waited).toBe(0);
    expect(list).toMatchObject({ model_version: null, ranking_version: null, personal: true });
    expect(list.degraded).toEqual(["model"]);
    expect(list.items).toHaveLength(6);
    expect(list.items[0]?.source).toMatch(/session_knn|co_visitation/);
  }
}, 60_000);

it("goes on with what it has in memory where D1 fails or hangs, and makes one answer wait at most", async () => {
  for (const fault of ["fails", "hangs"] as const) {
    const worker = openWorker();
    const before = await worker.warmUp();
    worker.faults.DB = fault;
    await vi.advanceTimersByTimeAsync(60_000);
    const first = await worker.ask();
    expect(first.waited).toBeLessThanOrEqual(ANSWER_BUDGET + STEP);
    for (let i = 0; i < 3; i++) {
      const { list, waited } = await worker.ask();
      expect(waited).toBe(0);
      expect(list.degraded).toEqual(["catalog", "events", "rules"]);
      expect(listIds(list)).toEqual(listIds(before));
      await vi.advanceTimersByTimeAsync(20_000);
    }
    worker.faults.DB = "none";
    await vi.advanceTimersByTimeAsync(40_000);
    await worker.warmUp();
  }
}, 60_000);

it("answers with what it has, which may be nothing, where a new isolate never reaches D1", async () => {
  const { ask } = openWorker({ DB: "hangs" });
  const { list, waited } = await ask();
  expect(waited).toBeLessThanOrEqual(ANSWER_BUDGET + STEP);
  expect(list.degraded).toEqual(expect.arrayContaining(["catalog", "events", "rules"]));
  expect((await ask()).waited).toBe(0);
}, 60_000);

it("does without the shopper whose object is away, and logs nothing of whom it could not ask", async () => {
  for (const fault of ["fails", "hangs"] as const) {
    const worker = openWorker();
    const before = await worker.warmUp();
    expect(before.personal).toBe(true);
    await vi.advanceTimersByTimeAsync(2000);
    worker.faults.SHOPPER = fault;
    const { list } = await worker.ask();
    expect(list).toMatchObject({ degraded: ["shopper"], personal: false });
    expect(list.items).toHaveLength(6);
    worker.faults.LOG_QUEUE = "fails";
    const agreed = await worker.ask(`${ASK}&consent=granted`);
    expect(agreed.list.degraded).toEqual(["shopper"]);
    await vi.advanceTimersByTimeAsync(2000);
    const rows = await env.DB.prepare("select 1 from impressions where recommendation_id = ?")
      .bind(list.recommendation_id)
      .all();
    expect(rows.results).toEqual([]);
  }
}, 60_000);

it("keeps what was shown for a queue that is away for a while", async () => {
  const worker = openWorker({ LOG_QUEUE: "fails" });
  const { recommendation_id } = await worker.warmUp();
  await vi.advanceTimersByTimeAsync(2000);
  worker.faults.LOG_QUEUE = "none";
  await worker.ask();
  await vi.advanceTimersByTimeAsync(2000);
  await waitForRows(`impressions where recommendation_id = '${recommendation_id}'`, 6);
}, 60_000);

it("waits once for all that is away, not once for each", async () => {
  const all = { DB: "hangs", BUCKET: "hangs", SHOPPER: "hangs", LOG_QUEUE: "hangs" } as const;
  const { ask } = openWorker(all);
  const { list, waited } = await ask();
  expect(waited).toBeGreaterThan(0);
  expect(waited).toBeLessThanOrEqual(ANSWER_BUDGET + STEP);
  expect(list.degraded.toSorted()).toEqual(["catalog", "events", "model", "rules", "shopper"]);
}, 60_000);
