// Publishing, promoting and rolling back: what changes the registry.
import type { ModelBucket, StoredObject } from "./bucket.ts";
import { fileKey, sealKey } from "./keys.ts";
import type { Task } from "./keys.ts";
import { advance, readPointer, retreat, swapPointer } from "./pointer.ts";
import type { Pointer } from "./pointer.ts";

export type Refusal = { ok: false; code: "unfit" | "conflict"; reason: string };

/** Fetches a version and lets it answer. */
export type TryOut = (
  task: Task,
  version: string,
) => Promise<{ ok: true } | { ok: false; reason: string }>;

/** Stores one file of a version. What serves, has served or was on trial is never written over. */
export async function putFile(
  bucket: ModelBucket,
  place: { task: Task; version: string; file: string },
  body: ReadableStream | ArrayBuffer,
): Promise<{ ok: true; stored: StoredObject } | Refusal> {
  const held = await readPointer(bucket, place.task);
  const known = held === null ? [] : [held.pointer.version, ...held.pointer.history];
  const seal = await bucket.head(sealKey(place.task, place.version));
  if (seal !== null || known.includes(place.version)) {
    const reason = `Version ${place.version} has served or was on trial; publish the change as a new version.`;
    return { ok: false, code: "conflict", reason };
  }
  const stored = await bucket.put(fileKey(place.task, place.version, place.file), body);
  if (stored === null) throw new Error("an unconditional write was refused");
  return { ok: true, stored };
}

/** Checks a version for good: from now on its files stay as they are, unless it will not do. */
export async function seal(
  bucket: ModelBucket,
  task: Task,
  version: string,
  tryOut: TryOut,
): Promise<{ ok: true } | Refusal> {
  const key = sealKey(task, version);
  // Before the check: what is checked is then what stays.
  const isNew = (await bucket.put(key, "", { onlyIf: { etagDoesNotMatch: "*" } })) !== null;
  let fits = false;
  try {
    const tried = await tryOut(task, version);
    fits = tried.ok;
    return tried.ok ? tried : { ok: false, code: "unfit", reason: tried.reason };
  } finally {
    if (isNew && !fits) await bucket.delete(key);
  }
}

/** Makes a version the one that serves, after checking it. Isolates follow within seconds. */
export async function promote(
  bucket: ModelBucket,
  task: Task,
  version: string,
  now: number,
  tryOut: TryOut,
): Promise<{ ok: true; pointer: Pointer } | Refusal> {
  const held = await readPointer(bucket, task);
  const sealed = await seal(bucket, task, version, tryOut);
  return sealed.ok ? await swap(bucket, task, held, advance(held, version, now)) : sealed;
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
