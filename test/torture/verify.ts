// After the last death: is every acknowledged event there once, in the log and in its shopper's memory, and nothing of
// those who were erased?
import { setTimeout as pause } from "node:timers/promises";
import type { BenchWorker } from "../bench/miniflare-worker.ts";
import { KEYS } from "../bench/miniflare-worker.ts";
import type { Ledger } from "./load.ts";

const POLL_MS = 1000;
/** An object looks after its outbox half a minute after the event, then after twice as long each time it found nothing. */
const PATIENCE_MS = 1_200_000;
/** Memories that are read and compared. */
const PROFILES = 200;
const JOBS = ["roll-up", "export-events", "verify-exports", "erase-exports", "housekeeping"];

export type Verdict = { acknowledged: number; erased: number; profiles: number; faults: string[] };

export async function verify(worker: BenchWorker, ledger: Ledger): Promise<Verdict> {
  const wanted = new Set([...ledger.events.values()].flatMap((ids) => [...ids]));
  const faults = [...ledger.faults];
  const logged = await readWhenWhole(worker, wanted);
  const lost = [...wanted].filter((id) => !logged.has(id));
  if (lost.length > 0) faults.push(`${lost.length} acknowledged events are not in the log`);
  const twice = [...logged].filter(([, times]) => times > 1);
  if (twice.length > 0) faults.push(`${twice.length} events are in the log more than once`);
  const left = [...logged.keys()].filter((id) => ledger.erased.has(id.replace(/-\d+-\d+$/, "")));
  if (left.length > 0) faults.push(`${left.length} events of erased shoppers are in the log`);
  const profiles = [...ledger.events].slice(0, PROFILES);
  for (const [visitor, ids] of profiles) {
    const views = await countViews(worker.url, ledger.users.get(visitor) ?? visitor, visitor);
    if (views !== ids.size) faults.push(`${visitor}: ${ids.size} taken, ${views} folded`);
  }
  for (const name of JOBS) {
    const { status, body } = await ask(worker.url, "POST", `/v1/jobs/${name}/run`);
    if (status !== 200 || body.includes('"failed"'))
      faults.push(`${name}: ${status} ${body.slice(0, 200)}`);
  }
  return {
    acknowledged: wanted.size,
    erased: ledger.erased.size,
    profiles: profiles.length,
    faults,
  };
}

/** How often each event is in the log, once all wanted ones are, or time is up. */
async function readWhenWhole(worker: BenchWorker, wanted: ReadonlySet<string>) {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const { results } = await worker.storage.database
      .prepare(
        "select event_id, count(*) as times from events where name = 'view_item' group by event_id",
      )
      .all<{ event_id: string; times: number }>();
    const logged = new Map(results.map(({ event_id, times }) => [event_id, times]));
    const isWhole = [...wanted].every((id) => logged.has(id));
    if (isWhole || performance.now() > deadline) return logged;
    await pause(POLL_MS);
  }
}

async function countViews(url: string, id: string, visitor: string): Promise<number> {
  const type = id === visitor ? "anonymous" : "user";
  const { body } = await ask(url, "GET", `/v1/shoppers/${id}/profile?id_type=${type}`);
  return Object(JSON.parse(body)).profile?.counts?.view_item ?? 0;
}

async function ask(
  url: string,
  method: string,
  path: string,
): Promise<{ status: number; body: string }> {
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${KEYS.secret}` },
  });
  return { status: response.status, body: await response.text() };
}
