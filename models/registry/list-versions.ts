// What the registry holds of one task.
import type { ModelBucket } from "./bucket.ts";
import { taskPrefix } from "./keys.ts";
import type { Task } from "./keys.ts";
import type { Manifest } from "./manifest.ts";
import { readPointer } from "./pointer.ts";
import type { Pointer } from "./pointer.ts";
import { fetchManifest } from "./verify.ts";

/** Manifests that are read for one answer. */
const MAX_LISTED = 50;

export type ListedVersion = { version: string } & (
  | { manifest: Manifest }
  /** Why its manifest cannot be read. */
  | { reason: string }
);

export async function listVersions(
  bucket: ModelBucket,
  task: Task,
): Promise<{ pointer: Pointer | null; versions: ListedVersion[] }> {
  const held = await readPointer(bucket, task);
  const versions: ListedVersion[] = [];
  // The last in order of name: versions that are named by date are the newest.
  for (const version of (await listNames(bucket, task)).slice(-MAX_LISTED)) {
    const found = await fetchManifest(bucket, task, version);
    versions.push(
      found.ok ? { version, manifest: found.value } : { version, reason: found.reason },
    );
  }
  return { pointer: held?.pointer ?? null, versions };
}

async function listNames(bucket: ModelBucket, task: Task): Promise<string[]> {
  const prefix = taskPrefix(task);
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await bucket.list({ prefix, delimiter: "/", cursor });
    for (const folder of page.delimitedPrefixes) names.push(folder.slice(prefix.length, -1));
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
  return names;
}
