// The production bundle, as `wrangler deploy` would upload it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { ROOT } from "../../src/client/keys.ts";
import { runWrangler } from "../../src/lab/worker/wrangler.ts";

export const BUNDLE = join(ROOT, "dist");

/** Source maps and notes are not uploaded. */
const UPLOADED = /\.(js|mjs|wasm|sql|txt|bin|json)$/;

export async function buildBundle(): Promise<void> {
  await runWrangler(["deploy", "--dry-run", "--outdir", BUNDLE]);
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
