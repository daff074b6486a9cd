// Writes a model folder to disk, the manifest last: a folder without one is not complete.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MANIFEST_FILE } from "../../../models/registry/keys.ts";

export function writeFolder(folder: string, files: Readonly<Record<string, Uint8Array>>): void {
  mkdirSync(folder, { recursive: true });
  rmSync(join(folder, MANIFEST_FILE), { force: true });
  const names = Object.keys(files).filter((name) => name !== MANIFEST_FILE);
  for (const name of [...names, MANIFEST_FILE]) {
    const bytes = files[name];
    if (bytes) writeFileSync(join(folder, name), bytes);
  }
}
