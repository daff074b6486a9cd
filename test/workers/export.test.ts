// The log's way from D1 to R2 in real workerd: by day, once, through crashes, tampering and erasures.
import { env } from "cloudflare:workers";
import { applyD1Migrations } from "cloudflare:test";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { eraseExports } from "../../src/batch/export/erase-exports.ts";
import { exportEvents } from "../../src/batch/export/export-events.ts";
import { EVENTS_KEPT, retainEvents } from "../../src/batch/export/retain-events.ts";
import { describeFile } from "../../src/batch/export/parquet.ts";
import { verifyExports } from "../../src/batch/export/verify-exports.ts";
import { eraseFromLog } from "../../src/log/erase.ts";
import { countRows, request } from "./support/api.ts";
import {
  ARRIVED,
  DAY,
  emptyAll,
  finish,
  listKeys,
  logEvents,
  readAllParts,
  readPart,
  START,
} from "./support/log.ts";
import { failBatches } from "./support/queue.ts";

const TONIGHT = ARRIVED + 3_600_000;
const FIRST = "part-000000000001-";

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));
beforeEach(async () => {
  await emptyAll();
  await env.DB.exec("delete from sqlite_sequence where name = 'events'");
});

/** Two days, two shoppers. */
const EVENTS = [
  { event_id: "a", timestamp: START + 1000, shopper: "ann" },
  { event_id: "b", timestamp: START + 2000, shopper: "bob", items: [{}, { item_id: "z" }] },
  { event_id: "c", timestamp: START + DAY, shopper: "ann" },
];

async function countParts(where: string): Promise<number> {
  return await countRows("export_parts", where);
}

describe("the export", () => {
  it("writes a file and a manifest for each day, whose rows are those of D1", async () => {
    await logEvents(EVENTS);
    const run = await finish(exportEvents, TONIGHT);
    expect(run).toMatchObject({ status: "done", counts: { rows: 4, parts: 2 } });
    expect(await listKeys()).toEqual([
      "exports/events/dt=2026-01-10/_manifest.json",
      `exports/events/dt=2026-01-10/${FIRST}000000000004.parquet`,
      "exports/events/dt=2026-01-11/_manifest.json",
      `exports/events/dt=2026-01-11/${FIRST}000000000004.parquet`,
    ]);
    const rows = await readPart(`exports/events/dt=2026-01-10/${FIRST}000000000004.parquet`);
    const { results } = await env.DB.prepare(
      "select * from events where seq <= 3 order by seq",
    ).all();
    expect(rows).toMatchObject(results);
    const file = await env.BUCKET.get(`exports/events/dt=2026-01-10/${FIRST}000000000004.parquet`);
    const bytes = (await file?.arrayBuffer()) ?? new ArrayBuffer();
    expect((await describeFile(bytes, [])).money).toEqual({ currency: "EUR", scale: 100 });
    const manifest = await (
      await env.BUCKET.get("exports/events/dt=2026-01-10/_manifest.json")
    )?.json();
    expect(manifest).toMatchObject({
      dt: "2026-01-10",
      rows: 3,
      min_time: "2026-01-10T00:00:01.000Z",
      max_time: "2026-01-10T00:00:02.000Z",
      cleaning: { sessions_derived: 3, price_filled: 0 },
      parts: [{ rows: 3, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    });
  });

  it("gives late events a file of their own, and run again it changes nothing", async () => {
    await logEvents(EVENTS);
    await finish(exportEvents, TONIGHT);
    const before = await readAllParts();
    await logEvents([{ event_id: "late", timestamp: START + 5000 }]);
    await finish(exportEvents, TONIGHT + DAY);
    const after = await readAllParts();
    expect(
      after.get("exports/events/dt=2026-01-10/part-000000000005-000000000005.parquet"),
    ).toEqual(["late"]);
    expect(after.size).toBe(before.size + 1);
    const run = await finish(exportEvents, TONIGHT + 2 * DAY);
    expect(run).toMatchObject({ status: "done", counts: {} });
    expect(await readAllParts()).toEqual(after);
  });

  it("cleans: bursts are set aside, gaps filled from the catalogue, what cannot be right marked", async () => {
    await env.DB.prepare(
      "insert into items (item_id, category, brand, price, created_at, changed) values ('a', 'shoes', 'acme', 100, 0, 1)",
    ).run();
    const burst = Array.from({ length: 130 }, (_, i) => ({
      event_id: `burst ${i}`,
      shopper: "robot",
      timestamp: START + i,
    }));
    await logEvents([
      ...burst,
      { event_id: "gap", timestamp: START, items: [{ item_id: "a", price: null }] },
      { event_id: "dear", timestamp: START + 1, items: [{ item_id: "a", price: 10_000 }] },
    ]);
    expect((await finish(exportEvents, TONIGHT)).counts).toMatchObject({
      rows: 132,
      set_aside: 10,
    });
    const parts = await readAllParts();
    const aside = [...parts.keys()].find((key) => key.startsWith("exports/set-aside/"));
    expect(parts.get(aside ?? "")).toEqual(burst.slice(120).map(({ event_id }) => event_id));
    const kept = [...parts.keys()].find((key) => key.startsWith("exports/events/"));
    const rows = await readPart(kept ?? "");
    expect(rows.find(({ event_id }) => event_id === "gap")).toMatchObject({
      price: 100,
      price_filled: true,
      category: "shoes",
      brand: "acme",
      outlier: null,
    });
    expect(rows.find(({ event_id }) => event_id === "dear")).toMatchObject({
      price: 10_000,
      price_filled: false,
      outlier: "price",
    });
    const { exports } = await (await request("GET", "/v1/exports")).json<{ exports: object[] }>();
    expect(exports).toMatchObject([
      { rows: 122, set_aside_rows: 10, cleaning: { burst: 10, price_filled: 1, outlier_price: 1 } },
    ]);
    expect((await finish(verifyExports, TONIGHT)).counts).toMatchObject({ rows: 132 });
  });

  it("goes on with a session where the slice before left it", async () => {
    await logEvents([{ event_id: "a", timestamp: START }]);
    await finish(exportEvents, TONIGHT);
    await logEvents([
      { event_id: "b", timestamp: START + 29 * 60_000 },
      { event_id: "c", timestamp: START + 60 * 60_000 },
    ]);
    await finish(exportEvents, TONIGHT);
    const keys = (await listKeys()).filter((key) => key.endsWith(".parquet"));
    const rows = (await Promise.all(keys.map(readPart))).flat();
    const [a, b, c] = rows.map(({ session }) => session);
    expect(b).toBe(a);
    expect(c).not.toBe(a);
  });
});

describe("an export that is cut off", () => {
  it("leaves no file that nobody knows, even if a shopper was erased before it went on", async () => {
    await logEvents(EVENTS);
    // The files are in R2, but the checkpoint that says so is not kept.
    const cut = failBatches(env.DB, (_, statements) => statements > 3);
    await finish(exportEvents, TONIGHT, cut);
    expect((await readAllParts()).size).toBe(2);
    expect(await countParts("true")).toBe(0);
    await eraseFromLog(env.DB, ["ann"], TONIGHT + 1);
    await finish(exportEvents, TONIGHT + 2);
    expect(await readAllParts()).toEqual(
      new Map([[`exports/events/dt=2026-01-10/${FIRST}000000000004.parquet`, ["b", "b"]]]),
    );
    expect(await countParts("rows = 2")).toBe(1);
    expect((await finish(verifyExports, TONIGHT + 3)).status).toBe("done");
  });
});

describe("rows leave D1", () => {
  const LATER = ARRIVED + EVENTS_KEPT + DAY;

  it("after their export has been verified, never before", async () => {
    await logEvents(EVENTS);
    await finish(retainEvents, LATER);
    await finish(exportEvents, LATER);
    await finish(retainEvents, LATER);
    expect(await countRows("events")).toBe(4);
    expect((await finish(verifyExports, LATER)).counts).toEqual({ parts: 2, rows: 4 });
    await finish(retainEvents, ARRIVED + EVENTS_KEPT - 1);
    expect(await countRows("events")).toBe(4);
    expect((await finish(retainEvents, LATER)).counts).toEqual({ deleted: 4 });
    expect(await countRows("events")).toBe(0);
    await logEvents([{ event_id: "new", timestamp: LATER }]);
    expect((await finish(exportEvents, LATER)).counts).toMatchObject({ rows: 1 });
  });

  it("but for the newest stock level of an item", async () => {
    const stock = { name: "stock_update" as const, shopper: "shop" };
    await logEvents([
      { ...stock, event_id: "s1", timestamp: START },
      { ...stock, event_id: "s2", timestamp: START + 1 },
    ]);
    await finish(exportEvents, LATER);
    await finish(verifyExports, LATER);
    await finish(retainEvents, LATER);
    expect(await countRows("events", "event_id = 's2'")).toBe(1);
    expect(await countRows("events")).toBe(1);
  });

  it("and a file that was tampered with is written again first", async () => {
    await logEvents(EVENTS);
    await finish(exportEvents, LATER);
    const before = await readAllParts();
    const [first = "", second = ""] = before.keys();
    const other = await (await env.BUCKET.get(second))?.arrayBuffer();
    await env.BUCKET.put(first, other ?? "");
    await env.BUCKET.delete(second);
    expect((await finish(verifyExports, LATER)).counts).toEqual({
      rewritten: 1,
      parts: 2,
      rows: 4,
    });
    expect(await readAllParts()).toEqual(before);
  });

  it("and where R2 gives back something else every time the job says so", async () => {
    await logEvents(EVENTS);
    await finish(exportEvents, LATER);
    const forgetful = new Proxy(env.BUCKET, {
      get(bucket, property) {
        if (property === "get") return () => Promise.resolve(null);
        const value: unknown = Reflect.get(bucket, property);
        return typeof value === "function" ? value.bind(bucket) : value;
      },
    });
    const run = await finish(verifyExports, LATER, env.DB, forgetful);
    expect(run).toMatchObject({
      status: "failed",
      error: expect.stringContaining("is not in the bucket"),
      advice: expect.stringContaining("Nothing is lost"),
    });
    await finish(retainEvents, LATER);
    expect(await countRows("events")).toBe(4);
  });
});

describe("an erased shopper", () => {
  it("leaves the files, and only that shopper does", async () => {
    await logEvents(EVENTS);
    await finish(exportEvents, TONIGHT);
    await finish(verifyExports, TONIGHT);
    await eraseFromLog(env.DB, ["ann"], TONIGHT + 1);
    const run = await finish(eraseExports, TONIGHT + 2);
    expect(run.counts).toEqual({ parts_seen: 2, parts_rewritten: 2, rows_erased: 2, shoppers: 1 });
    expect([...(await readAllParts()).values()]).toEqual([["b", "b"], []]);
    expect(await countParts("status = 'verified'")).toBe(2);
    const { exports } = await (
      await request("GET", "/v1/exports")
    ).json<{ exports: { rows: number; parts: { sha256: string }[] }[] }>();
    expect(exports.map(({ rows }) => rows)).toEqual([2, 0]);
    expect(await countRows("export_sessions", "shopper = 'ann'")).toBe(0);
    expect(await countRows("jobs", "checkpoint like '%ann%'")).toBe(0);
    expect((await finish(eraseExports, TONIGHT + 3)).counts).toEqual({});
  });

  it("is gone also where the job was cut off between the file and its note", async () => {
    await logEvents(EVENTS);
    await finish(exportEvents, TONIGHT);
    await eraseFromLog(env.DB, ["ann"], TONIGHT + 1);
    const cut = failBatches(env.DB, (_, statements) => statements > 3);
    expect((await finish(eraseExports, TONIGHT + 2, cut)).status).toBe("failed");
    await finish(eraseExports, TONIGHT + 3);
    expect(await countParts("rows = 2 or rows = 0")).toBe(2);
    expect((await finish(verifyExports, TONIGHT + 4)).counts).toEqual({ parts: 2, rows: 2 });
  });

  it("who comes back is exported again", async () => {
    await logEvents(EVENTS);
    await finish(exportEvents, TONIGHT);
    await eraseFromLog(env.DB, ["ann"], TONIGHT + 1);
    await logEvents([{ event_id: "back", shopper: "ann", timestamp: START }], TONIGHT + 5);
    await finish(exportEvents, TONIGHT + 6);
    await finish(eraseExports, TONIGHT + 7);
    expect([...(await readAllParts()).values()].flat().sort()).toEqual(["b", "b", "back"]);
  });
});

describe("GET /v1/exports", () => {
  it("lists days and gives out files, to the shop's back end only", async () => {
    await logEvents(EVENTS);
    await finish(exportEvents, TONIGHT);
    const { exports } = await (
      await request("GET", "/v1/exports?since=2026-01-11")
    ).json<{
      exports: { dt: string; parts: { name: string; bytes: number; sha256: string }[] }[];
    }>();
    expect(exports.map(({ dt }) => dt)).toEqual(["2026-01-11"]);
    const [part] = exports[0]?.parts ?? [];
    const file = await request("GET", `/v1/exports/2026-01-11/${part?.name}`);
    expect(file.headers.get("etag")).toBe(`"${part?.sha256}"`);
    expect((await file.arrayBuffer()).byteLength).toBe(part?.bytes);
    expect((await request("GET", "/v1/exports/2026-01-12/part-1-2.parquet")).status).toBe(404);
    expect((await request("GET", "/v1/exports/2026-01-11/_manifest.json")).status).toBe(400);
    expect((await request("GET", "/v1/exports?since=monday")).status).toBe(400);
    expect((await request("GET", "/v1/exports", { key: "pk_test" })).status).toBe(403);
    const stolen = await request("GET", `/v1/exports/2026-01-11/${part?.name}`, { key: "pk_test" });
    expect(stolen.status).toBe(403);
  });
});
