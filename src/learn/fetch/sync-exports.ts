// Keeps a local copy of the verified export files: downloads what is new or changed, deletes what is gone, so that
// a shopper who was erased from the export is erased here too.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { RetrainClient } from "./client.ts";

/** A file of the local copy. */
export type LocalPart = { path: string; dt: string; rows: number; sha256: string; to_seq: number };

export type SyncedExports = {
  parts: LocalPart[];
  /** Minor units of one unit of the currency. */
  minorUnits: number;
  downloaded: number;
};

/** Whoever was erased by now is in none of the files: those who were erased since the last night leave them first. */
export async function syncExports(client: RetrainClient, folder: string): Promise<SyncedExports> {
  await client.runJob("erase-exports");
  const { exports, minor_units } = await client.listExports();
  const parts: LocalPart[] = [];
  let downloaded = 0;
  for (const { dt, parts: listed } of exports) {
    for (const { name, rows, sha256, status, to_seq } of listed) {
      if (status !== "verified") continue;
      const path = join(folder, `dt=${dt}`, name);
      parts.push({ path, dt, rows, sha256, to_seq });
      if (existsSync(path) && hash(readFileSync(path)) === sha256) continue;
      const bytes = await client.download(`/v1/exports/${dt}/${name}`);
      // Rewritten between list and download: the next round has both right.
      if (hash(bytes) !== sha256) throw new Error(`${dt}/${name} changed meanwhile; try again.`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
      downloaded++;
    }
  }
  removeOthers(folder, new Set(parts.map(({ path }) => path)));
  return { parts, minorUnits: minor_units, downloaded };
}

function removeOthers(folder: string, wanted: ReadonlySet<string>): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = join(folder, name);
    if (name.endsWith(".parquet") && !wanted.has(path)) rmSync(path);
  }
}

function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
