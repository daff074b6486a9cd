// Publishing, promoting and rolling back: what changes the registry.
import { accept, refuse } from "../../durable/state/result.ts";
import type { Result } from "../../durable/state/result.ts";
import type { ModelBucket, StoredObject } from "./bucket.ts";
import { fileKey, sealKey } from "./keys.ts";
import type { Task } from "./keys.ts";
import { advance, listServed, readPointer, retreat, swapPointer } from "./pointer.ts";
import type { Pointer } from "./pointer.ts";

/** `unfit`: the version will not do. `conflict`: what is asked for does not go with what the registry holds. */
export type Refusal = { code: "unfit" | "conflict"; message: string };

/** Fetches a version and lets it answer. */
export type TryOut = (task: Task, version: string) => Promise<Result<unknown>>;

/** Stores one file of a version. What serves, has served or was on trial is never written over. */
export async function putFile(
  bucket: ModelBucket,
  address: { task: Task; version: string; file: string },
  body: ReadableStream | ArrayBuffer,
): Promise<Result<StoredObject, Refusal>> {
  const held = await readPointer(bucket, address.task);
  const seal = await bucket.head(sealKey(address.task, address.version));
  if (seal !== null || listServed(held).includes(address.version)) {
    const message = `Version ${address.version} has served or was on trial; publish the change as a new version.`;
    return refuse({ code: "conflict", message });
  }
  const stored = await bucket.put(fileKey(address.task, address.version, address.file), body);
  if (stored === null) throw new Error("an unconditional write was refused");
  return accept(stored);
}

/** Checks a version for good: from now on its files stay as they are, unless it will not do. */
export async function seal(
  bucket: ModelBucket,
  task: Task,
  version: string,
  tryOut: TryOut,
): Promise<Result<null, Refusal>> {
  const key = sealKey(task, version);
  // Before the check: what is checked is then what stays.
  const isNew = (await bucket.put(key, "", { onlyIf: { etagDoesNotMatch: "*" } })) !== null;
  let fits = false;
  try {
    const tried = await tryOut(task, version);
    fits = tried.ok;
    return tried.ok ? accept(null) : refuse({ code: "unfit", message: tried.reason });
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
): Promise<Result<Pointer, Refusal>> {
  const held = await readPointer(bucket, task);
  const sealed = await seal(bucket, task, version, tryOut);
  return sealed.ok ? await swap(bucket, task, held, advance(held, version, now)) : sealed;
}

/** Makes the version that served before the one that serves; before the first one there was none, and so it is again. */
export async function rollBack(
  bucket: ModelBucket,
  task: Task,
  now: number,
): Promise<Result<Pointer, Refusal>> {
  const held = await readPointer(bucket, task);
  const earlier = retreat(held, now);
  if (earlier === null) {
    const message = `No version of ${task} serves, so there is nothing to take back.`;
    return refuse({ code: "conflict", message });
  }
  return await swap(bucket, task, held, earlier);
}

async function swap(
  bucket: ModelBucket,
  task: Task,
  held: Awaited<ReturnType<typeof readPointer>>,
  pointer: Pointer,
): Promise<Result<Pointer, Refusal>> {
  if (await swapPointer(bucket, task, held, pointer)) return accept(pointer);
  const message = `Somebody else changed the current version of ${task} at the same moment.`;
  return refuse({ code: "conflict", message });
}
