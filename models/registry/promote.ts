// Publishing, promoting and rolling back: what changes the registry.
import type { ModelBucket, StoredObject } from "./bucket.ts";
import { fileKey } from "./keys.ts";
import type { Task } from "./keys.ts";
import { advance, readPointer, retreat, swapPointer } from "./pointer.ts";
import type { Pointer } from "./pointer.ts";
import { fetchVersion } from "./verify.ts";
import type { VerifiedVersion } from "./verify.ts";

export type Refusal = { ok: false; code: "unfit" | "conflict"; reason: string };

/** Stores one file of a version. What serves or has served is never written over. */
export async function putFile(
  bucket: ModelBucket,
  place: { task: Task; version: string; file: string },
  body: ReadableStream | ArrayBuffer,
): Promise<{ ok: true; stored: StoredObject } | Refusal> {
  const held = await readPointer(bucket, place.task);
  const known = held === null ? [] : [held.pointer.version, ...held.pointer.history];
  if (known.includes(place.version)) {
    const reason = `Version ${place.version} has been promoted; publish the change as a new version.`;
    return { ok: false, code: "conflict", reason };
  }
  const stored = await bucket.put(fileKey(place.task, place.version, place.file), body);
  if (stored === null) throw new Error("an unconditional write was refused");
  return { ok: true, stored };
}

/**
 * Makes a version the one that serves, after checking all its files. `tryOut` may refuse it for what it does.
 * Isolates follow within seconds.
 */
export async function promote(
  bucket: ModelBucket,
  task: Task,
  version: string,
  now: number,
  tryOut: (version: VerifiedVersion) => Promise<{ ok: true } | { ok: false; reason: string }>,
): Promise<{ ok: true; pointer: Pointer } | Refusal> {
  const held = await readPointer(bucket, task);
  const fetched = await fetchVersion(bucket, task, version);
  if (!fetched.ok) return { ok: false, code: "unfit", reason: fetched.reason };
  const tried = await tryOut(fetched.value);
  if (!tried.ok) return { ok: false, code: "unfit", reason: tried.reason };
  return await swap(bucket, task, held, advance(held, version, now));
}

/** Makes the version that served before the one that serves. */
export async function rollBack(
  bucket: ModelBucket,
  task: Task,
  now: number,
): Promise<{ ok: true; pointer: Pointer } | Refusal> {
  const held = await readPointer(bucket, task);
  const earlier = retreat(held, now);
  if (earlier === null) {
    const reason = `There is no earlier version of ${task} to go back to.`;
    return { ok: false, code: "conflict", reason };
  }
  return await swap(bucket, task, held, earlier);
}

async function swap(
  bucket: ModelBucket,
  task: Task,
  held: Awaited<ReturnType<typeof readPointer>>,
  pointer: Pointer,
): Promise<{ ok: true; pointer: Pointer } | Refusal> {
  if (await swapPointer(bucket, task, held, pointer)) return { ok: true, pointer };
  const reason = `Somebody else changed the current version of ${task} at the same moment.`;
  return { ok: false, code: "conflict", reason };
}
