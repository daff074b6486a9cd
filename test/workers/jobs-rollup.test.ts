// The hourly sums in real D1: each row of the log counts once.
import { env } from "cloudflare:workers";
import { applyD1Migrations } from "cloudflare:test";
import { parquetReadObjects } from "hyparquet";
import { beforeAll, beforeEach, expect, it } from "vitest";
import { exportCatalogue } from "../../src/batch/export/export-catalogue.ts";
import { rollUp } from "../../src/batch/roll-up/roll-up.ts";
import {
  emptyAll,
  finish,
  listKeys,
  logEvents,
  type Told,
  ARRIVED,
  DAY,
  START,
} from "./support/log.ts";
import { failBatches } from "./support/queue.ts";

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));
beforeEach(async () => {
  await emptyAll();
  for (const table of ["daily_sales", "daily_counters"]) await env.DB.exec(`delete from ${table}`);
});

async function readSums(table: "daily_sales" | "daily_counters", item_id: string) {
  const query = `select * from ${table} where item_id = ? order by dt`;
  return (await env.DB.prepare(query).bind(item_id).all()).results;
}

const sale = { name: "purchase" as const, timestamp: START };

it("sums pieces and money by item and day, refunds taken off, late sales added to their own day", async () => {
  await logEvents([
    { ...sale, event_id: "1", items: [{ item_id: "a", quantity: 3, price: 200 }] },
    { ...sale, event_id: "2", items: [{ item_id: "a", quantity: 1, price: null }] },
    { ...sale, event_id: "3", name: "refund", items: [{ item_id: "a", quantity: 1, price: 200 }] },
    { ...sale, event_id: "4", timestamp: START + DAY, items: [{ item_id: "b" }] },
  ]);
  await finish(rollUp, ARRIVED);
  const first = { dt: "2026-01-10", item_id: "a", units: 3, revenue: 400, lines: 2 };
  expect(await readSums("daily_sales", "a")).toEqual([first]);
  await logEvents([
    { ...sale, event_id: "late", items: [{ item_id: "a", quantity: 5, price: 10 }] },
  ]);
  await finish(rollUp, ARRIVED);
  await finish(rollUp, ARRIVED);
  expect(await readSums("daily_sales", "a")).toEqual([
    { ...first, units: 8, revenue: 450, lines: 3 },
  ]);
  expect(await readSums("daily_sales", "b")).toMatchObject([{ dt: "2026-01-11", units: 1 }]);
});

it("counts an order once though later slices tell it again, change it, refund or cancel it", async () => {
  const ordered = { ...sale, transaction_id: "T" };
  const item = { item_id: "a", quantity: 2, price: 1000 };
  const sums = async (event: Told) => {
    await logEvents([event]);
    await finish(rollUp, ARRIVED);
    return await readSums("daily_sales", "a");
  };
  const once = { dt: "2026-01-10", item_id: "a", units: 2, revenue: 2000, lines: 1 };
  const unpriced = { ...ordered, event_id: "0", items: [{ ...item, price: null }] };
  expect(await sums(unpriced)).toEqual([{ ...once, revenue: 0 }]);
  expect(await sums({ ...ordered, event_id: "1", items: [item] })).toEqual([once]);
  expect(await sums({ ...ordered, event_id: "2", items: [item] })).toEqual([once]);
  const earlier = { ...ordered, timestamp: START - DAY };
  expect(await sums({ ...earlier, event_id: "3", items: [{ ...item, quantity: 3 }] })).toEqual([
    { ...once, dt: "2026-01-09", units: 3, revenue: 3000 },
    { ...once, units: 0, revenue: 0, lines: 0 },
  ]);
  const back = { ...ordered, event_id: "4", name: "refund" as const };
  expect(await sums({ ...back, items: [{ ...item, quantity: 1 }] })).toMatchObject([
    { units: 2, revenue: 2000, lines: 1 },
    { units: 0 },
  ]);
  const cancelled = { ...ordered, event_id: "5", name: "cancel" as const };
  expect(await sums(cancelled)).toMatchObject([
    { units: 0, revenue: 0, lines: 0 },
    { units: 0, revenue: 0, lines: 0 },
  ]);
});

it("adds up what no integer holds", async () => {
  const items = Array.from({ length: 93 }, () => ({ item_id: "a", quantity: 1e6, price: 1e11 }));
  await logEvents([{ ...sale, event_id: "1", items }]);
  await finish(rollUp, ARRIVED);
  expect(await readSums("daily_sales", "a")).toMatchObject([{ units: 93e6, lines: 1 }]);
});

it("counts a slice once though its first try failed", async () => {
  await logEvents([{ ...sale, event_id: "1", items: [{ item_id: "a", quantity: 2 }] }]);
  const cut = failBatches(env.DB, (_, statements) => statements > 3);
  expect((await finish(rollUp, ARRIVED, cut)).status).toBe("failed");
  await finish(rollUp, ARRIVED);
  expect(await readSums("daily_sales", "a")).toMatchObject([{ units: 2 }]);
});

it("counts events and shoppers of each item by day", async () => {
  const views = Array.from({ length: 6 }, (_, i) => ({
    event_id: `${i}`,
    shopper: `s${i % 5}`,
    timestamp: START,
    items: [{ item_id: "lamp" }],
  }));
  await logEvents(views);
  await finish(rollUp, ARRIVED);
  expect(await readSums("daily_counters", "lamp")).toEqual([
    { dt: "2026-01-10", item_id: "lamp", name: "view_item", events: 6, shoppers: 5 },
  ]);
});

it("writes the catalogue anew when it has changed, and drops the snapshot before", async () => {
  const put = (id: string, changed: number) =>
    env.DB.prepare("insert into items (item_id, price, created_at, changed) values (?, 100, 5, ?)")
      .bind(id, changed)
      .run();
  await put("lamp", 1);
  await finish(exportCatalogue, ARRIVED);
  await put("desk", 2);
  await finish(exportCatalogue, ARRIVED);
  expect((await finish(exportCatalogue, ARRIVED)).counts).toEqual({});
  const part = "exports/items/version=2/part-00000.parquet";
  expect(await listKeys("exports/items/")).toEqual(["exports/items/current.json", part]);
  const file = await (await env.BUCKET.get(part))?.arrayBuffer();
  if (file === undefined) throw new Error("It was listed.");
  expect(await parquetReadObjects({ file, columns: ["item_id", "price", "created_at"] })).toEqual([
    { item_id: "desk", price: 100n, created_at: new Date(5) },
    { item_id: "lamp", price: 100n, created_at: new Date(5) },
  ]);
});
