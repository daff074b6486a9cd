// A log of a test's own making in D1, and the jobs of the export run over it.
import { env } from "cloudflare:workers";
import type { LogEntry } from "../../../durable/contract.ts";
import type { Job } from "../../../src/batch/run/job.ts";
import { runJob } from "../../../src/batch/run/run-job.ts";
import { decodeRows } from "../../../src/batch/export/parquet.ts";
import { writeLog } from "../../../src/log/write-log.ts";
import { emptyLog, makeEntry } from "./queue.ts";

export const DAY = 86_400_000;
export const START = Date.UTC(2026, 0, 10);
/** When the log's rows arrived, ms. */
export const ARRIVED = START + 3 * DAY;

const TABLES = ["jobs", "job_leases", "export_parts", "export_sessions", "exported_erasures"];

export async function emptyAll(): Promise<void> {
  await emptyLog();
  for (const table of TABLES) await env.DB.exec(`delete from ${table}`);
  const { objects } = await env.BUCKET.list();
  if (objects.length > 0) await env.BUCKET.delete(objects.map(({ key }) => key));
}

export type Told = Partial<Omit<LogEntry["event"], "items">> & {
  shopper?: string;
  items?: Partial<LogEntry["event"]["items"][number]>[];
};

/** Puts events into the log as the queue's consumer does. */
export async function logEvents(told: readonly Told[], received_at = ARRIVED): Promise<void> {
  const entries = told.map(({ shopper, items, ...change }, index) => {
    const entry = makeEntry(change.event_id ?? `e${index}`, change, shopper);
    const [line] = entry.event.items;
    if (line === undefined) throw new Error("An entry has items.");
    const lines = (items ?? [{}]).map((item) => Object.assign({}, line, item));
    return { ...entry, received_at, event: { ...entry.event, items: lines } };
  });
  await writeLog(env.DB, [{ kind: "events", entries }]);
}

/** Works on a job for one slice after the other until its run ends, and answers with the run. */
export async function finish(job: Job, now: number, database = env.DB, bucket = env.BUCKET) {
  const deps = {
    DB: database,
    BUCKET: bucket,
    clock: () => now,
    money: { currency: "EUR", scale: 100 },
    feed: null,
  };
  const outcome = await runJob(job, deps, Infinity);
  if (outcome.kind !== "ran") throw new Error(`The job is ${outcome.kind}.`);
  return { ...outcome.run, counts: JSON.parse(outcome.run.counts) };
}

export async function listKeys(prefix = "exports/"): Promise<string[]> {
  const { objects } = await env.BUCKET.list({ prefix });
  return objects.map(({ key }) => key).sort();
}

export async function readPart(key: string) {
  const object = await env.BUCKET.get(key);
  if (object === null) throw new Error(`${key} is missing.`);
  return await decodeRows(await object.arrayBuffer());
}

/** Event ids by key, of every Parquet file below `exports/`. */
export async function readAllParts(): Promise<Map<string, string[]>> {
  const keys = (await listKeys()).filter((key) => key.endsWith(".parquet"));
  const parts = new Map<string, string[]>();
  for (const key of keys)
    parts.set(
      key,
      (await readPart(key)).map(({ event_id }) => event_id),
    );
  return parts;
}
