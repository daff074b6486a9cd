// What a version says it has learned from.
import { createHash } from "node:crypto";
import type { LocalPart } from "./sync-exports.ts";

/** `source` is for people; the same files in the same state have the same `digest`. */
export function describeExport(parts: readonly LocalPart[]): { source: string; digest: string } {
  const days = parts.map(({ dt }) => dt).sort();
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const last = Math.max(...parts.map(({ to_seq }) => to_seq));
  const hashes = parts.map(({ sha256 }) => sha256).sort();
  return {
    source: `export of ${days[0]} to ${days.at(-1)}, ${parts.length} files, ${rows} rows, log up to ${last}`,
    digest: createHash("sha256").update(hashes.join("\n")).digest("hex"),
  };
}
