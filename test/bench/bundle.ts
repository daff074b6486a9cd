// The production bundle, as `wrangler deploy` would upload it.
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { ROOT } from "../../src/client/keys.ts";
import { runWrangler } from "../../src/lab/worker/wrangler.ts";

/** Where all test files of a run share one, the run says so. */
const SHARED = process.env["MILLRACE_BUNDLE"];
export const BUNDLE = SHARED ?? join(ROOT, "dist");
const DONE = `${BUNDLE}.done`;
const POLL_MS = 200;
const PATIENCE_MS = 120_000;

/** Source maps and notes are not uploaded. */
const UPLOADED = /\.(js|mjs|wasm|sql|txt|bin|json)$/;

/** A shared one is built by who comes first; all others wait for it. */
export async function buildBundle(): Promise<void> {
  if (SHARED === undefined) return await build();
  if (isFirst(`${BUNDLE}.lock`)) {
    // What failed leaves no mark of being done, but the first says why.
    await build();
    mkdirSync(DONE);
  }
  const deadline = performance.now() + PATIENCE_MS;
  while (!existsSync(DONE)) {
    if (performance.now() > deadline) throw new Error("The shared bundle was not built.");
    await pause(POLL_MS);
  }
}

async function build(): Promise<void> {
  await runWrangler(["deploy", "--dry-run", "--outdir", BUNDLE]);
}

function isFirst(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

export type BundleFile = { name: string; bytes: number; gzip: number };

export function measureBundle(): BundleFile[] {
  return readdirSync(BUNDLE)
    .filter((name) => UPLOADED.test(name))
    .map((name) => {
      const content = readFileSync(join(BUNDLE, name));
      return { name, bytes: content.length, gzip: gzipSync(content).length };
    })
    .sort((a, b) => b.gzip - a.gzip);
}
