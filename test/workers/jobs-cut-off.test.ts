// A night that is cut off at points all over its calls to D1 and R2, and carried on: it ends as one that was not.
import { env } from "cloudflare:workers";
import { applyD1Migrations } from "cloudflare:test";
import { beforeAll, expect, it } from "vitest";
import { eraseExports } from "../../src/batch/export/erase-exports.ts";
import { exportCatalogue } from "../../src/batch/export/export-catalogue.ts";
import { exportEvents } from "../../src/batch/export/export-events.ts";
import { EVENTS_KEPT, retainEvents } from "../../src/batch/export/retain-events.ts";
import { verifyExports } from "../../src/batch/export/verify-exports.ts";
import { housekeeping } from "../../src/batch/housekeeping.ts";
import { LEASE_MS } from "../../src/batch/run/lease.ts";
import { requestRetraining } from "../../src/batch/request-retraining.ts";
import { rollUp } from "../../src/batch/roll-up/roll-up.ts";
import { eraseFromLog } from "../../src/log/erase.ts";
import { cutOffAfter } from "./support/cut-off.ts";
import { ARRIVED, DAY, emptyAll, finish, listKeys, logEvents, START } from "./support/log.ts";

/** As the scheduler has them. */
const NIGHT = [
  eraseExports,
  rollUp,
  exportCatalogue,
  exportEvents,
  verifyExports,
  requestRetraining,
  retainEvents,
  housekeeping,
];
const TONIGHT = ARRIVED + EVENTS_KEPT + DAY;
const TRIALS_MS = 300_000;
/** Calls between two cuts; a prime, so that no kind of call is always passed over. 1 tries them all, in minutes. */
const STRIDE = 7;

/** What must be the same in the end: columns that tell no clock. */
const TABLES = {
  events: "seq, shopper, event_id, name",
  export_parts: "key, kind, dt, from_seq, to_seq, rows, sha256, counts, status",
  export_sessions: "*",
  exported_erasures: "*",
  daily_sales: "*",
  daily_counters: "*",
};

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));

/** A shop after a night that went well: then one of its shoppers was erased, and new and late events came. */
async function open(): Promise<void> {
  await emptyAll();
  for (const table of ["daily_sales", "daily_counters", "items"])
    await env.DB.exec(`delete from ${table}`);
  await env.DB.exec("delete from sqlite_sequence where name = 'events'");
  await logEvents([
    { event_id: "a", timestamp: START + 1000, shopper: "ann" },
    { event_id: "b", timestamp: START + 2000, shopper: "bob", items: [{}, { item_id: "z" }] },
  ]);
  for (const job of [rollUp, exportEvents, verifyExports]) await finish(job, ARRIVED + 1);
  await eraseFromLog(env.DB, ["ann"], ARRIVED + 2);
  await env.DB.prepare(
    "insert into items (item_id, price, created_at, changed) values ('z', 100, 5, 1)",
  ).run();
  await logEvents([
    { event_id: "late", timestamp: START + 3000, shopper: "bob" },
    { event_id: "sale", timestamp: START + DAY, shopper: "cid", name: "purchase" },
    { event_id: "level", timestamp: START + DAY, shopper: "shop", name: "stock_update" },
  ]);
}

async function read(): Promise<object> {
  const tables = await Promise.all(
    Object.entries(TABLES).map(async ([table, columns]) => {
      const { results } = await env.DB.prepare(
        `select ${columns} from ${table} order by 1, 2`,
      ).all();
      return [table, results];
    }),
  );
  const files = await Promise.all(
    (await listKeys()).map(async (key) => {
      const bytes = await (await env.BUCKET.get(key))?.arrayBuffer();
      const hash = await crypto.subtle.digest("SHA-256", bytes ?? new ArrayBuffer());
      return [key, new Uint8Array(hash).join()];
    }),
  );
  return { tables, files };
}

/** The night with a storage that may fail it; true where it came to its end. */
async function tryNight(lives: number): Promise<{ ended: boolean; calls: number }> {
  const { DB, BUCKET, calls } = cutOffAfter(lives);
  try {
    for (const job of NIGHT) await finish(job, TONIGHT, DB, BUCKET);
    return { ended: calls() <= lives, calls: calls() };
  } catch {
    return { ended: false, calls: calls() };
  }
}

it("ends the same wherever it was cut off", { timeout: TRIALS_MS }, async () => {
  await open();
  const whole = await tryNight(Infinity);
  expect(whole.ended).toBe(true);
  const wanted = await read();
  expect(whole.calls).toBeGreaterThan(50);
  for (let lives = 0; lives < whole.calls; lives += STRIDE) {
    await open();
    expect((await tryNight(lives)).ended).toBe(false);
    for (const job of NIGHT) {
      const run = await finish(job, TONIGHT + LEASE_MS);
      expect(run).toMatchObject({ status: "done" });
    }
    expect(await read(), `cut off after ${lives} calls`).toEqual(wanted);
  }
});
