// The manifest of a model folder: what the model is, what it takes, and the hash of every file beside it.
// Pure: whoever holds the bytes (a disk, R2) brings them. Any trainer that writes this can publish.
import * as z from "zod";
import { accept, refuse } from "../../durable/state/result.ts";
import type { Result } from "../../durable/state/result.ts";
import { FILE_PATTERN, MANIFEST_FILE, TASKS, VERSION_PATTERN } from "./keys.ts";

const Port = z.object({
  name: z.string(),
  /** ONNX element type, such as "float32" or "int64". */
  type: z.string(),
  /** A string is a size that is known only when the model runs. */
  shape: z.array(z.union([z.number(), z.string()])),
});

const Hash = z.string().regex(/^[0-9a-f]{64}$/, "is no sha256 in hexadecimal");

/** Unknown keys are kept: a task may add its own. */
export const Manifest = z.looseObject({
  task: z.enum(TASKS),
  version: z.string().regex(VERSION_PATTERN),
  /** ISO 8601, UTC. */
  created_at: z.string(),
  /** What it was trained on; times are ISO 8601, null where the data has none. */
  data: z.object({
    source: z.string(),
    from: z.string().nullable(),
    to: z.string().nullable(),
    events: z.number(),
  }),
  /** Hash of the features that the model reads; see `hashFeatureSchema`. */
  feature_schema: Hash,
  inputs: z.array(Port),
  outputs: z.array(Port),
  /** The file with the item ids in the order of the model's indices: a JSON array of strings. */
  vocabulary: z.string().nullable(),
  metrics: z.record(z.string(), z.number()),
  /** The version that this one was trained on from, if any. */
  parent: z.string().nullable(),
  files: z.record(
    z.string().regex(FILE_PATTERN),
    z.object({ sha256: Hash, bytes: z.int().nonnegative() }),
  ),
  config: z.record(z.string(), z.unknown()),
  seed: z.number(),
});

export type Manifest = z.infer<typeof Manifest>;
export type Port = z.infer<typeof Port>;

/** A model's files by name, the manifest not among them. */
export type ModelFiles = Readonly<Record<string, Uint8Array>>;

/** Reads `manifest.json`. The reason is one sentence. */
export function parseManifest(bytes: Uint8Array): Result<Manifest> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return refuse(`${MANIFEST_FILE} is not JSON.`);
  }
  const parsed = Manifest.safeParse(json);
  if (parsed.success) return accept(parsed.data);
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") || "the whole";
  return refuse(`${MANIFEST_FILE} is not valid: ${where}: ${issue?.message}.`);
}

/** Whether all files are there as the manifest says. `schema` is the hash that the caller's own features have. */
export async function checkModel(
  manifest: Manifest,
  files: ModelFiles,
  schema: string,
): Promise<Result<Manifest>> {
  if (manifest.feature_schema !== schema) {
    return refuse(
      `Model ${manifest.version} reads other features (schema ${manifest.feature_schema.slice(0, 12)}) than this program gives (${schema.slice(0, 12)}).`,
    );
  }
  return checkFiles(manifest, files);
}

/** Whether every file that the manifest lists is there with the hash that it lists. */
export async function checkFiles(manifest: Manifest, files: ModelFiles): Promise<Result<Manifest>> {
  for (const [name, { sha256: expected }] of Object.entries(manifest.files)) {
    const bytes = files[name];
    if (!bytes) return refuse(`The file ${name} of ${manifest.version} is missing.`);
    if ((await sha256(bytes)) !== expected) {
      return refuse(`The file ${name} of ${manifest.version} is not the one that was published.`);
    }
  }
  return accept(manifest);
}

/** The `files` entry of a manifest. */
export async function describeFiles(files: ModelFiles): Promise<Manifest["files"]> {
  const entries: Manifest["files"] = {};
  for (const [name, bytes] of Object.entries(files)) {
    entries[name] = { sha256: await sha256(bytes), bytes: bytes.length };
  }
  return entries;
}

/** Names of features in the order in which a model reads them, made one hash. */
export function hashFeatureSchema(features: readonly string[]): Promise<string> {
  return sha256(new TextEncoder().encode(JSON.stringify(features)));
}

/** In lower-case hexadecimal. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const copy =
    bytes.buffer instanceof ArrayBuffer
      ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
      : bytes.slice();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", copy));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
