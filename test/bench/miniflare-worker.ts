// The production bundle in Miniflare: workerd without wrangler's proxy and log, which would be the limit otherwise.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { extname, join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { ROOT } from "../../src/client/keys.ts";
import { makeFolder } from "../support/folder.ts";
import { BUNDLE } from "./bundle.ts";
import { findChildren, readCpuMs, readMemory } from "./process-cpu.ts";

const MIGRATIONS = join(ROOT, "migrations/d1");
const BREAKPOINT = "--> statement-breakpoint";

export const KEYS = {
  publishable: "pk_bench",
  secret: "sk_bench",
  pseudonym: "for the bench only",
  shopify: "for webhooks of the bench only",
} as const;

export type BenchWorker = {
  url: string;
  /** CPU time that workerd has used so far, ms. */
  cpuMs(): number;
  /** Process ids of workerd; none where the system does not tell. */
  pids: readonly number[];
  /** Where V8's inspector of the Worker's isolate listens; null where it was not asked for. */
  inspectorUrl: string | null;
  /** Sets which version of a task is wanted, as somebody would who does not go through the API. */
  setPointer(task: string, pointer: { version: string; history: string[] }): Promise<void>;
  /** Memory that workerd holds now, bytes. */
  memory(): number;
  /** What the Worker stores in, past the Worker. */
  storage: {
    database: Awaited<ReturnType<Miniflare["getD1Database"]>>;
    bucket: Awaited<ReturnType<Miniflare["getR2Bucket"]>>;
  };
  close(): Promise<void>;
};

type Module = {
  type: "ESModule" | "CompiledWasm" | "Text";
  path: string;
  contents: string | Buffer<ArrayBuffer>;
};

function readModule(name: string): Module[] {
  const path = join(BUNDLE, name);
  switch (extname(name)) {
    case ".js":
      return [{ type: "ESModule", path, contents: readFileSync(path, "utf8") }];
    case ".sql":
      return [{ type: "Text", path, contents: readFileSync(path, "utf8") }];
    case ".wasm":
      return [{ type: "CompiledWasm", path, contents: readFileSync(path) }];
    default:
      return []; // Source maps and notes are not uploaded either.
  }
}

/** Miniflare takes the first module as the entry. */
function readModules(): Module[] {
  const names = readdirSync(BUNDLE).sort(
    (a, b) => Number(b === "index.js") - Number(a === "index.js"),
  );
  return names.flatMap(readModule);
}

/** Leaves a database that has its tables already as it is. */
async function migrate(miniflare: Miniflare): Promise<void> {
  const database = await miniflare.getD1Database("DB");
  const table = "select 1 from sqlite_master where name = 'events'";
  if ((await database.prepare(table).first()) !== null) return;
  for (const name of readdirSync(MIGRATIONS)
    .filter((file) => file.endsWith(".sql"))
    .sort()) {
    const statements = readFileSync(join(MIGRATIONS, name), "utf8").split(BREAKPOINT);
    for (const statement of statements) await database.prepare(statement).run();
  }
}

/**
 * Needs a bundle (see bundle.ts). State lives in a folder of its own and goes with `close`.
 *
 * @param inspect opens V8's inspector, beside which WASM runs slower: for memory, not for speed
 * @param kept a folder whose state stays, for what is carried on another time
 */
export async function openBenchWorker(inspect = false, kept?: string): Promise<BenchWorker> {
  const state = kept ?? makeFolder();
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, "wrangler.toml"));
  // All load comes from one address, which a shop would hold back.
  const { modulesRules: _unused, ratelimits: _unlimited, ...options } = workerOptions;
  const secrets = {
    PUBLISHABLE_KEYS: KEYS.publishable,
    SECRET_KEYS: KEYS.secret,
    PSEUDONYM_KEY: KEYS.pseudonym,
    SHOPIFY_WEBHOOK_SECRET: KEYS.shopify,
    DEFAULT_CONSENT: "granted",
  };
  const others = new Set(findChildren("workerd"));
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      ...(inspect ? { inspectorPort: 0 } : {}),
      defaultPersistRoot: state,
      resourcePersistencePath: state,
      workers: [
        {
          ...options,
          name: "millrace",
          bindings: { ...Object(options.bindings), ...secrets },
          rootPath: BUNDLE,
          modulesRoot: BUNDLE,
          modules: readModules(),
        },
      ],
    }),
  );
  const url = (await miniflare.ready).origin;
  const own = findChildren("workerd").filter((pid) => !others.has(pid));
  await migrate(miniflare);
  const inspectorUrl = inspect
    ? new URL("/core:user:millrace", await miniflare.getInspectorURL()).href
    : null;
  return {
    url,
    pids: own,
    inspectorUrl,
    storage: {
      database: await miniflare.getD1Database("DB"),
      bucket: await miniflare.getR2Bucket("BUCKET"),
    },
    cpuMs: () => own.reduce((sum, pid) => sum + readCpuMs(pid), 0),
    async setPointer(task, pointer) {
      const bucket = await miniflare.getR2Bucket("BUCKET");
      const promoted_at = new Date().toISOString();
      await bucket.put(`models/${task}/current.json`, JSON.stringify({ ...pointer, promoted_at }));
    },
    memory: () => own.reduce((sum, pid) => sum + readMemory(pid), 0),
    async close() {
      await miniflare.dispose();
      if (kept === undefined) rmSync(state, { recursive: true, force: true });
    },
  };
}
