// Around each test file: storage and memory as of a Worker that was just deployed, and a queue that holds nothing of the
// file before. All files share one workerd, since loading the Worker anew for each of them takes longer than most run.
import { reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, expect, vi } from "vitest";
import { dropIsolate } from "../../../src/isolate/open-isolate.ts";
import { makeEntry } from "./queue.ts";

beforeAll(async () => {
  await reset();
  dropIsolate(env);
});

afterAll(async () => {
  if ((await countTables("events")) === 0) return;
  const last = crypto.randomUUID();
  const entries = [makeEntry(last, {}, last)];
  await env.LOG_QUEUE.send({ kind: "events", entries });
  const isWritten = async () => expect(await countEvents(last)).toBeGreaterThan(0);
  await vi.waitFor(isWritten, { timeout: 20_000, interval: 20 });
});

function countTables(name: string): Promise<number | null> {
  const sql = "select count(*) as n from sqlite_master where type = 'table' and name = ?";
  return env.DB.prepare(sql).bind(name).first<number>("n");
}

function countEvents(id: string): Promise<number | null> {
  return env.DB.prepare("select count(*) as n from events where event_id = ?").bind(id).first("n");
}
