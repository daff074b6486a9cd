// What the production bundle writes in workerd, read by DuckDB as it is: the files need no reader of ours.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect } from "../../../src/client/api.ts";
import { buildBundle } from "../../bench/bundle.ts";
import { KEYS, openBenchWorker, type BenchWorker } from "../../bench/miniflare-worker.ts";
import { pollUntil } from "../../support/poll.ts";

const START = Date.UTC(2026, 0, 10, 23);
const HOUR = 3_600_000;
const EVENTS = 240;
/** A single day of events, and one in four with two lines. */
const ROWS = EVENTS + EVENTS / 4;
const SETUP_MS = 120_000;

const folder = mkdtempSync(join(tmpdir(), "millrace-duckdb-"));
let worker: BenchWorker;
let duckdb: DuckDBConnection;

function makeEvent(index: number) {
  const item = { item_id: `item "${index % 7}", 🪑`, price: 12.5, quantity: 2 };
  return {
    event_id: `e${index}`,
    name: index % 5 === 0 ? "purchase" : "view_item",
    timestamp: START + (index * 2 * HOUR) / EVENTS,
    user_id: `user ${index % 11}`,
    items: index % 4 === 0 ? [item, { item_id: "plain" }] : [item],
  };
}

/** Downloads every file as the export lays them out. */
async function download(): Promise<{ rows: number; days: number }> {
  const headers = { authorization: `Bearer ${KEYS.secret}` };
  const answer = await fetch(`${worker.url}/v1/exports`, { headers });
  const { exports } = Object(await answer.json());
  let rows = 0;
  for (const day of exports) {
    const into = join(folder, `dt=${day.dt}`);
    mkdirSync(into, { recursive: true });
    for (const part of day.parts) {
      const file = await fetch(`${worker.url}/v1/exports/${day.dt}/${part.name}`, { headers });
      writeFileSync(join(into, part.name), new Uint8Array(await file.arrayBuffer()));
      rows += part.rows;
    }
  }
  return { rows, days: exports.length };
}

/** One row, its values as JSON. */
async function ask(query: string): Promise<unknown> {
  const from = `read_parquet('${folder}/*/*.parquet', hive_partitioning = true)`;
  const reader = await duckdb.runAndReadAll(query.replace("$log", from));
  return reader.getRowObjectsJson()[0];
}

beforeAll(async () => {
  await buildBundle();
  worker = await openBenchWorker();
  const api = connect({ url: worker.url, key: KEYS.secret, waitMs: SETUP_MS });
  const events = Array.from({ length: EVENTS }, (_, index) => makeEvent(index));
  for (let from = 0; from < EVENTS; from += 80)
    await api.send("POST", "/v1/events", JSON.stringify({ events: events.slice(from, from + 80) }));
  await pollUntil("the log has all rows", SETUP_MS, async () => {
    const { body } = await api.send("GET", "/v1/stats");
    return Object(body).event_rows === ROWS ? true : null;
  });
  for (const job of ["export-events", "verify-exports"]) {
    const { body } = await api.send("POST", `/v1/jobs/${job}/run`);
    expect(body).toMatchObject({ status: "done" });
  }
  duckdb = await (await DuckDBInstance.create(":memory:")).connect();
}, 2 * SETUP_MS);

afterAll(async () => {
  await worker.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("DuckDB", () => {
  it("reads the export by day, with the rows, types and values of the log", async () => {
    expect(await download()).toEqual({ rows: ROWS, days: 2 });
    expect(
      await ask(`select count(*)::int as rows, count(distinct event_id)::int as events,
        count(distinct shopper)::int as shoppers, count(distinct dt)::int as days,
        sum(price)::int as price, sum(quantity)::int as pieces from $log`),
    ).toEqual({
      rows: ROWS,
      events: EVENTS,
      shoppers: 11,
      days: 2,
      price: EVENTS * 1250,
      pieces: EVENTS * 2 + EVENTS / 4,
    });
    expect(
      await ask(
        `select count(*)::int as strays from $log where strftime(timestamp, '%Y-%m-%d') <> dt::varchar`,
      ),
    ).toEqual({ strays: 0 });
    expect(
      await ask(`select item_id, typeof(timestamp) as time, typeof(seq) as seq, session_derived
        from $log where event_id = 'e1'`),
    ).toEqual({
      item_id: 'item "1", 🪑',
      time: "TIMESTAMP",
      seq: "BIGINT",
      session_derived: true,
    });
  });
});
