// Brings one version out of the bucket, checked against its manifest.
import { accept, refuse } from "../../durable/state/result.ts";
import type { Result } from "../../durable/state/result.ts";
import type { ModelBucket } from "./bucket.ts";
import { fileKey, MANIFEST_FILE } from "./keys.ts";
import type { Task } from "./keys.ts";
import { checkFiles, parseManifest } from "./manifest.ts";
import type { Manifest, ModelFiles } from "./manifest.ts";

/** Bytes of all files of a version: an isolate has 128 MB, and two versions stand side by side while it swaps. */
export const MAX_MODEL_BYTES = 40_000_000;

/** What a version says it is, and every file that it lists, each with the hash that it lists. */
export type VerifiedVersion = { manifest: Manifest; files: ModelFiles };

/** The reason is one sentence. Throws where the bucket cannot be read. */
export async function fetchManifest(
  bucket: ModelBucket,
  task: Task,
  version: string,
): Promise<Result<Manifest>> {
  const stored = await bucket.get(fileKey(task, version, MANIFEST_FILE));
  if (stored === null) {
    return refuse(`There is no ${MANIFEST_FILE} of ${task} version ${version}.`);
  }
  const parsed = parseManifest(new Uint8Array(await stored.arrayBuffer()));
  if (!parsed.ok) return parsed;
  const { value: manifest } = parsed;
  if (manifest.task !== task || manifest.version !== version) {
    const named = `${manifest.task} version ${manifest.version}`;
    return refuse(`The manifest of ${task} version ${version} is that of ${named}.`);
  }
  return parsed;
}

/** Bytes of all files, as the manifest says. */
export function sizeOf({ files }: Manifest): number {
  return Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The version with all files. */
export async function fetchVersion(
  bucket: ModelBucket,
  task: Task,
  version: string,
): Promise<Result<VerifiedVersion>> {
  const found = await fetchManifest(bucket, task, version);
  return found.ok ? await fetchFiles(bucket, found.value) : found;
}

/** Reads no file that is larger than the manifest says, so that memory is what was reckoned with. */
export async function fetchFiles(
  bucket: ModelBucket,
  manifest: Manifest,
): Promise<Result<VerifiedVersion>> {
  const { task, version } = manifest;
  const size = sizeOf(manifest);
  if (size > MAX_MODEL_BYTES) {
    return refuse(`Model ${version} has ${size} bytes; a Worker can hold ${MAX_MODEL_BYTES}.`);
  }
  const files: Record<string, Uint8Array> = {};
  for (const [name, { bytes }] of Object.entries(manifest.files)) {
    const stored = await bucket.get(fileKey(task, version, name));
    if (stored === null) continue;
    if (stored.size !== bytes) {
      return refuse(
        `The file ${name} of ${version} has ${stored.size} bytes, and its manifest says ${bytes}.`,
      );
    }
    files[name] = new Uint8Array(await stored.arrayBuffer());
  }
  const checked = await checkFiles(manifest, files);
  return checked.ok ? accept({ manifest, files }) : checked;
}
