// Brings one version out of the bucket, checked against its manifest.
import type { ModelBucket } from "./bucket.ts";
import { fileKey, MANIFEST_FILE } from "./keys.ts";
import type { Task } from "./keys.ts";
import { checkFiles, parseManifest } from "./manifest.ts";
import type { Checked, Manifest, ModelFiles } from "./manifest.ts";

/** Bytes of all files of a version: an isolate has 128 MB, and two versions stand side by side while it swaps. */
export const MAX_MODEL_BYTES = 40_000_000;

/** What a version says it is, and every file that it lists, each with the hash that it lists. */
export type VerifiedVersion = { manifest: Manifest; files: ModelFiles };

/** The reason is one sentence. Throws where the bucket cannot be read. */
export async function fetchManifest(
  bucket: ModelBucket,
  task: Task,
  version: string,
): Promise<Checked<Manifest>> {
  const stored = await bucket.get(fileKey(task, version, MANIFEST_FILE));
  if (stored === null) {
    return { ok: false, reason: `There is no ${MANIFEST_FILE} of ${task} version ${version}.` };
  }
  const parsed = parseManifest(new Uint8Array(await stored.arrayBuffer()));
  if (!parsed.ok) return parsed;
  const { value: manifest } = parsed;
  if (manifest.task !== task || manifest.version !== version) {
    const named = `${manifest.task} version ${manifest.version}`;
    return { ok: false, reason: `The manifest of ${task} version ${version} is that of ${named}.` };
  }
  return parsed;
}

/** The same with all files. */
export async function fetchVersion(
  bucket: ModelBucket,
  task: Task,
  version: string,
): Promise<Checked<VerifiedVersion>> {
  const found = await fetchManifest(bucket, task, version);
  if (!found.ok) return found;
  const { value: manifest } = found;
  const sizes = Object.values(manifest.files).map(({ bytes }) => bytes);
  const size = sizes.reduce((sum, bytes) => sum + bytes, 0);
  if (size > MAX_MODEL_BYTES) {
    const reason = `Model ${version} has ${size} bytes; a Worker can hold ${MAX_MODEL_BYTES}.`;
    return { ok: false, reason };
  }
  const files: Record<string, Uint8Array> = {};
  for (const name of Object.keys(manifest.files)) {
    const stored = await bucket.get(fileKey(task, version, name));
    if (stored !== null && stored.size <= MAX_MODEL_BYTES) {
      files[name] = new Uint8Array(await stored.arrayBuffer());
    }
  }
  const checked = await checkFiles(manifest, files);
  return checked.ok ? { ok: true, value: { manifest, files } } : checked;
}
