// The outbox: what was acknowledged reaches the log, though the queue forgets it.
import {
  applyD1Migrations,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import type { LogEntry } from "../../durable/contract.ts";
import { drainOutbox } from "../../durable/drain-outbox.ts";
import { FIRST_CHECK_DELAY, MAX_RETRY_DELAY, nextTryAt } from "../../durable/schedule.ts";
import { openStore, type PendingEntry } from "../../durable/rows/shopper-store.ts";
import { deliver, exportOf, shopperNamed } from "./shopper-deliveries.ts";

/** Far ahead, so that alarms ring in tests only when told to; workerd sets none in the past. */
const NOW = Date.UTC(2090, 0, 1);

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW });
});

afterEach(() => {
  vi.useRealTimers();
});

const pendingOf = async (name: string) =>
  (await exportOf(name)).pending.map(({ event }) => event.event_id);

const alarmOf = (name: string) =>
  runInDurableObject(shopperNamed(name), (_, { storage }) => storage.getAlarm());

/** Lets time pass until the alarm rings. */
async function ring(name: string): Promise<void> {
  vi.setSystemTime((await alarmOf(name)) ?? NOW);
  expect(await runDurableObjectAlarm(shopperNamed(name))).toBe(true);
}

async function loggedOf(name: string): Promise<string[]> {
  const { results } = await env.DB.prepare(
    "SELECT event_id FROM events WHERE shopper = ? ORDER BY event_id",
  )
    .bind(name)
    .all<{ event_id: string }>();
  return results.map(({ event_id }) => event_id);
}

it("looks for its events in the log half a minute after the first, by one alarm", async () => {
  await shopperNamed("waiting").ingest([deliver("a")]);
  vi.setSystemTime(NOW + 10_000);
  await shopperNamed("waiting").ingest([deliver("b")]);
  expect(await alarmOf("waiting")).toBe(NOW + FIRST_CHECK_DELAY);
  await shopperNamed("silent").ingest([deliver("a", {}, { log: false })]);
  expect(await alarmOf("silent")).toBeNull();
});

it("sends again what the queue lost, and rests when the log has it", async () => {
  // Nobody sends the entries to the queue: as if each message had been lost.
  await shopperNamed("lost").ingest([deliver("a"), deliver("b", { items: [] })]);
  await ring("lost");
  expect(await pendingOf("lost")).toEqual(["a", "b"]);
  await vi.waitFor(async () => expect(await loggedOf("lost")).toEqual(["a", "b"]), 20_000);
  await ring("lost");
  expect(await pendingOf("lost")).toEqual([]);
  expect(await alarmOf("lost")).toBeNull();
});

it("keeps what an earlier version wrote as if it had known each field", async () => {
  await shopperNamed("earlier").ingest([deliver("a")]);
  const before = await exportOf("earlier");
  await runInDurableObject(shopperNamed("earlier"), (_, { storage }) => {
    for (const table of ["outbox", "window_entries"])
      storage.sql.exec(
        `UPDATE ${table} SET entry = json_remove(entry, '$.event.coupon', '$.event.tie', '$.event.items[0].coupon')`,
      );
  });
  await evictDurableObject(shopperNamed("earlier"));
  expect(await exportOf("earlier")).toEqual(before);
  await runInDurableObject(shopperNamed("earlier"), (_, { storage }) => {
    const [entry] = openStore(storage).readWindow();
    expect(entry?.event).toEqual(deliver("a").event);
  });
});

it("arms its alarm again when it comes back without one", async () => {
  await shopperNamed("disarmed").ingest([deliver("a")]);
  await runInDurableObject(shopperNamed("disarmed"), (_, { storage }) => storage.deleteAlarm());
  await evictDurableObject(shopperNamed("disarmed"));
  await shopperNamed("disarmed").snapshot();
  expect(await alarmOf("disarmed")).toBe(NOW + FIRST_CHECK_DELAY);
});

const entry = (event_id: string, search_term: string | null = null): LogEntry => {
  const { fold: _, log: __, ...rest } = deliver(event_id, { search_term });
  return { ...rest, shopper: "someone", linked_from: null };
};

/** An outbox of entries that are all due, and what happens to it. */
function openOutbox(...pending: PendingEntry[]) {
  const dropped: number[] = [];
  const deferred: [number, number, number][] = [];
  const store = {
    readDue: () => pending,
    dropPending: (seqs: readonly number[]) => void dropped.push(...seqs),
    deferPending: (...how: [number, number, number]) => void deferred.push(how),
  };
  return { store, dropped, deferred };
}

it("sends nothing while the log cannot be reached, and looks again later", async () => {
  const { store, dropped, deferred } = openOutbox({ seq: 1, entry: entry("a"), attempts: 2 });
  const send = vi.fn<() => Promise<void>>();
  const findLogged = () => Promise.reject(new Error("D1 is down"));
  await drainOutbox({ store, findLogged, send, now: NOW });
  expect(send).not.toHaveBeenCalled();
  expect(dropped).toEqual([]);
  expect(deferred).toEqual([[1, 3, nextTryAt(NOW, 3)]]);
});

it("keeps entries that the queue refuses, and sends the others", async () => {
  const outbox = openOutbox(
    { seq: 1, entry: entry("big", "x".repeat(200_000)), attempts: 0 },
    { seq: 2, entry: entry("small"), attempts: 0 },
    { seq: 3, entry: entry("logged"), attempts: 0 },
  );
  const sent: string[] = [];
  await drainOutbox({
    store: outbox.store,
    findLogged: () => Promise.resolve(new Set(["logged"])),
    send: async ({ entries }) => {
      if (JSON.stringify(entries).length > 128_000) throw new Error("message too large");
      sent.push(...entries.map(({ event }) => event.event_id));
    },
    now: NOW,
  });
  expect(sent).toEqual(["small"]);
  expect(outbox.dropped).toEqual([3]);
  expect(outbox.deferred.map(([seq]) => seq)).toEqual([1, 2]);
});

it("waits twice as long after each try, an hour at most", () => {
  expect(nextTryAt(NOW, 0)).toBe(NOW + FIRST_CHECK_DELAY);
  expect(nextTryAt(NOW, 1)).toBe(NOW + 2 * FIRST_CHECK_DELAY);
  expect(nextTryAt(NOW, 1_000)).toBe(NOW + MAX_RETRY_DELAY);
});
