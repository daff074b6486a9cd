// Marks shoppers, lets them act by every way in, erases them in the middle of it, and looks for them in every byte that
// the Worker has stored.
import { rmSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { Random } from "../../src/lab/simulate/random.ts";
import { buildBundle } from "../bench/bundle.ts";
import { KEYS, openBenchWorker, type BenchWorker } from "../bench/miniflare-worker.ts";
import { makeFolder } from "../support/folder.ts";
import { makeShopper, type MarkedShopper } from "./marked-shopper.ts";
import { scan, type Finding } from "./scan.ts";
import { EARLY_WAYS, LATE_WAYS } from "./ways-in.ts";

const LANES = 8;
/** Between a shopper's first act and the erasure, at most, ms. */
const LONGEST_LIFE_MS = 400;
/** Nobody is erased before this part of the shoppers has acted and is exported to Parquet files. */
const EXPORTED = 0.3;
/** What bars messages that come late; SECURITY.md says for how long they are kept. */
const NOTES = /(erasures|exported_erasures)$/;

/** `quiet`: seconds from the last erasure to the search. */
export type AuditOptions = { shoppers: number; seed: number; quiet: number };
export type Audit = {
  shoppers: number;
  acts: number;
  files: number;
  bytes: number;
  /** Shoppers of whom something is left in a row, an object or a message. */
  left: Finding[];
  /** The same in free pages of databases, until they are written over. */
  free: Finding[];
  /** Pseudonyms in the notes that somebody was erased. */
  notes: number;
  /** What the same search finds of a shopper who was not erased; none would mean that it cannot see. */
  control: number;
};

export async function audit(
  { shoppers: count, seed, quiet }: AuditOptions,
  tell: (progress: string) => void,
): Promise<Audit> {
  await buildBundle();
  const folder = makeFolder();
  try {
    const worker = await openBenchWorker(false, folder);
    const everybody = await Promise.all(
      Array.from({ length: count + 1 }, (_, index) => makeShopper(index, seed, KEYS.pseudonym)),
    );
    const [kept, ...shoppers] = everybody;
    if (kept === undefined || shoppers.length === 0) throw new Error("--shoppers: at least 1");
    let acts = 0;
    try {
      acts = await liveAndErase(worker, kept, shoppers, seed, tell);
      tell("waiting until nothing is on its way");
      await pause(quiet * 1000);
      await runJob(worker.url, "export-events");
      await runJob(worker.url, "erase-exports");
    } finally {
      await worker.close();
    }
    tell("reading every byte");
    const found = await scan(folder, needlesOf(shoppers));
    const live = found.findings.filter(({ kind }) => kind === "live");
    const control = await scan(folder, needlesOf([kept]));
    return {
      shoppers: shoppers.length,
      acts,
      files: found.files,
      bytes: found.bytes,
      left: live.filter(({ store }) => !NOTES.test(store)),
      free: found.findings.filter(({ kind }) => kind === "free"),
      notes: new Set(live.filter(({ store }) => NOTES.test(store)).map(({ needle }) => needle))
        .size,
      control: control.findings.filter(({ kind }) => kind === "live").length,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function needlesOf(shoppers: readonly MarkedShopper[]): Set<string> {
  return new Set(shoppers.flatMap(({ mark, pseudonyms }) => [mark(""), ...pseudonyms]));
}

async function liveAndErase(
  { url, storage }: BenchWorker,
  kept: MarkedShopper,
  shoppers: readonly MarkedShopper[],
  seed: number,
  tell: (progress: string) => void,
): Promise<number> {
  let acts = 0;
  const at = Date.now() - 60_000;
  const act = async (ways: typeof LATE_WAYS, shopper: MarkedShopper) => {
    await Promise.all(ways.map((way) => way.act(url, shopper, at)));
    acts += ways.length;
  };
  await act([...EARLY_WAYS, ...LATE_WAYS], kept);
  const exported = shoppers.slice(0, Math.ceil(shoppers.length * EXPORTED));
  await inLanes(exported, (shopper) => act([...EARLY_WAYS, ...LATE_WAYS], shopper));
  await runJob(url, "export-events");
  tell(`${exported.length} shoppers are in Parquet files`);
  let done = 0;
  await inLanes(shoppers, async (shopper) => {
    const random = new Random(seed * 7919 + shopper.index);
    await act(EARLY_WAYS, shopper);
    if (shopper.index % 10 === 0) await leaveDeadLetter(storage, shopper, at);
    const acting = act(LATE_WAYS, shopper);
    await pause(random.next() * LONGEST_LIFE_MS);
    await erase(url, shopper);
    await acting;
    // A client that could not be reached meanwhile sends again what it has kept.
    await act(LATE_WAYS, shopper);
    if (++done % 100 === 0) tell(`${done} of ${shoppers.length} erased`);
  });
  return acts;
}

async function inLanes(
  shoppers: readonly MarkedShopper[],
  each: (shopper: MarkedShopper) => Promise<void>,
): Promise<void> {
  const queue = [...shoppers];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await each(next);
  };
  await Promise.all(Array.from({ length: LANES }, work));
}

/** A message that could not be processed, as the consumer of dead letters keeps it. */
async function leaveDeadLetter(
  { database }: BenchWorker["storage"],
  { pseudonyms, mark }: MarkedShopper,
  at: number,
): Promise<void> {
  const [shopper] = pseudonyms;
  const entry = {
    shopper,
    linked_from: null,
    received_at: at,
    event: { search_term: mark("dead") },
  };
  await database
    .prepare(
      "insert into dead_letters (message_id, reason, body, stored_at) values (?, 'test', ?, ?)",
    )
    .bind(mark("message").slice(-12), JSON.stringify({ kind: "events", entries: [entry] }), at)
    .run();
}

async function erase(url: string, { visitor, user }: MarkedShopper): Promise<void> {
  const response = await fetch(`${url}/v1/shoppers/-`, {
    method: "DELETE",
    headers: {
      authorization: `Bearer ${KEYS.secret}`,
      "x-anonymous-id": visitor,
      "x-user-id": user,
    },
  });
  if (!response.ok) throw new Error(`DELETE: ${response.status} ${await response.text()}`);
}

async function runJob(url: string, name: string): Promise<void> {
  const headers = { authorization: `Bearer ${KEYS.secret}` };
  const response = await fetch(`${url}/v1/jobs/${name}/run`, { method: "POST", headers });
  const text = await response.text();
  if (!response.ok || text.includes('"failed"')) throw new Error(`${name}: ${text}`);
}
