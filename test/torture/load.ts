// What goes on while the Worker dies again and again: events, sign-ins, erasures, jobs, uploads, promotions. Each is sent
// until it is acknowledged, as a patient client does, and what was acknowledged is written down.
import { rmSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { publishFiles } from "../../src/cli/start/publish-model.ts";
import { Random } from "../../src/lab/simulate/random.ts";
import { makeFolder } from "../support/folder.ts";
import { KEYS } from "../bench/miniflare-worker.ts";
import { copyModels } from "./new-version.ts";
import type { MortalWorker } from "./mortal-worker.ts";

/** Between two tries of a request whose Worker is away, ms. */
const RETRY_MS = 30;
const ATTEMPT_MS = 20_000;
const EVENTS_A_REQUEST = 20;
const LANES = 6;
const JOBS = ["roll-up", "export-events", "export-catalogue", "erase-exports", "housekeeping"];
const CONSENT = { analytics: true, personalization: true };

export type Ledger = {
  /** Acknowledged ids of events, by anonymous shopper; of those who were not erased. */
  events: Map<string, Set<string>>;
  /** The users whom visitors have become. */
  users: Map<string, string>;
  /** Visitors whose erasure was acknowledged. */
  erased: Set<string>;
  /** Answers that no request should have, such as 500. */
  faults: string[];
  counts: Record<string, number>;
};

export type Load = { ledger: Ledger; stop(): Promise<void> };

type Answer = { status: number; body: unknown };

export function startLoad(worker: MortalWorker, seed: number, now: number): Load {
  const ledger: Ledger = {
    events: new Map(),
    users: new Map(),
    erased: new Set(),
    faults: [],
    counts: {},
  };
  const stopping = new AbortController();
  const count = (what: string) => (ledger.counts[what] = (ledger.counts[what] ?? 0) + 1);

  async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
    for (;;) {
      const answer = await attempt(worker.url(), method, path, body);
      if (answer !== null && answer.status >= 500 && answer.status !== 503) {
        ledger.faults.push(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      }
      if (answer !== null && answer.status < 500) return answer;
      await pause(RETRY_MS);
    }
  }

  async function playVisitor(random: Random, visitor: string): Promise<void> {
    const taken = new Set<string>();
    const batches = 1 + Math.floor(random.next() * 4);
    for (let batch = 0; batch < batches; batch++) {
      const events = Array.from({ length: EVENTS_A_REQUEST }, (_, i) => ({
        event_id: `${visitor}-${batch}-${i}`,
        name: "view_item",
        timestamp: now + batch * 1000 + i,
        anonymous_id: visitor,
        consent: CONSENT,
        items: [{ item_id: `item-${Math.floor(random.next() * 50)}`, price: 10 }],
      }));
      const { body } = await ask("POST", "/v1/events", { events });
      const { rejected = [] } = Object(body);
      const refused = new Set<string>();
      for (const { event_id, code } of rejected) {
        refused.add(event_id);
        // A client sends these again; here the next batch is enough.
        if (code !== "unavailable") ledger.faults.push(`refused: ${code}`);
      }
      for (const { event_id } of events) if (!refused.has(event_id)) taken.add(event_id);
      count("requests of events");
    }
    const fate = random.next();
    if (fate < 0.15) {
      await ask("DELETE", `/v1/shoppers/${visitor}?id_type=anonymous`);
      ledger.erased.add(visitor);
      count("erasures");
      return;
    }
    ledger.events.set(visitor, taken);
    if (fate < 0.35) {
      const user_id = `user-of-${visitor}`;
      const identify = { event_id: `${visitor}-is`, name: "identify", timestamp: now + 60_000 };
      const link = { ...identify, anonymous_id: visitor, user_id, consent: CONSENT };
      await ask("POST", "/v1/events", [link]);
      ledger.users.set(visitor, user_id);
      count("identify");
    }
  }

  async function visit(lane: number): Promise<void> {
    const random = new Random(seed * 1000 + lane);
    for (let i = 0; !stopping.signal.aborted; i++)
      await playVisitor(random, `v${seed}-${lane}-${i}`);
  }

  async function runJobs(): Promise<void> {
    for (let i = 0; !stopping.signal.aborted; i++) {
      await ask("POST", `/v1/jobs/${JOBS[i % JOBS.length] ?? ""}/run`);
      count("jobs");
      await pause(500);
    }
  }

  async function upload(): Promise<void> {
    const send = async (method: string, path: string, body?: string | Uint8Array<ArrayBuffer>) => {
      const { status, body: told } = await ask(method, path, body);
      return { status, body: told, headers: new Headers(), latency: 0 };
    };
    const folder = makeFolder();
    for (let round = 0; !stopping.signal.aborted; round++) {
      const models = await publishFiles({ send }, copyModels(folder, round));
      for (const { task, version } of models) {
        await ask("POST", `/v1/models/${task}/promote`, { version });
        count("promotions");
      }
      await pause(1000);
    }
    rmSync(folder, { recursive: true, force: true });
  }

  const lanes = [...Array.from({ length: LANES }, (_, lane) => visit(lane)), runJobs(), upload()];
  return {
    ledger,
    async stop() {
      stopping.abort();
      await Promise.all(lanes);
    },
  };
}

/** Null where nobody answered. */
async function attempt(
  url: string | null,
  method: string,
  path: string,
  body: unknown,
): Promise<Answer | null> {
  if (url === null) return null;
  try {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${KEYS.secret}`,
        "content-type":
          body instanceof Uint8Array ? "application/octet-stream" : "application/json",
      },
      body: packBody(body),
      signal: AbortSignal.timeout(ATTEMPT_MS),
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : text };
  } catch {
    return null; // Cut off: whether it took effect nobody knows, so it is sent again.
  }
}

function packBody(body: unknown): BodyInit | undefined {
  if (body === undefined || typeof body === "string") return body;
  return body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);
}
