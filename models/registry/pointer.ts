// Which version of a task serves: one small object, only ever swapped on the condition that nobody else did.
import * as z from "zod";
import type { ModelBucket } from "./bucket.ts";
import { pointerKey } from "./keys.ts";
import type { Task } from "./keys.ts";

/** Earlier versions that are remembered for a rollback. */
const MAX_HISTORY = 20;

/** Unknown keys are kept, so that a later release may add some (a challenger, say) and an older one not lose them. */
const Pointer = z.looseObject({
  /** Null after the first version was taken back. */
  version: z.string().nullable(),
  /** Versions that served before, the latest first. */
  history: z.array(z.string()),
  /** ISO 8601, UTC. */
  promoted_at: z.string(),
});

export type Pointer = z.infer<typeof Pointer>;

/** The pointer with the etag to swap it by; null where nothing was ever promoted. */
export type HeldPointer = { pointer: Pointer; etag: string } | null;

/** Throws where the stored pointer is not one: then nobody can say what serves. */
export async function readPointer(bucket: ModelBucket, task: Task): Promise<HeldPointer> {
  const object = await bucket.get(pointerKey(task));
  if (object === null) return null;
  const text = new TextDecoder().decode(await object.arrayBuffer());
  return { pointer: Pointer.parse(JSON.parse(text)), etag: object.etag };
}

/** The pointer after a promotion. Promoting what serves already changes nothing but the time. */
export function advance(held: HeldPointer, version: string, now: number): Pointer {
  const promoted_at = new Date(now).toISOString();
  if (held === null) return { version, history: [], promoted_at };
  const { pointer } = held;
  const earlier = listServed(held).filter((other) => other !== version);
  return { ...pointer, version, history: earlier.slice(0, MAX_HISTORY), promoted_at };
}

/** Versions that serve and have served, the latest first, as far as is remembered. */
export function listServed(held: HeldPointer): string[] {
  if (held === null) return [];
  const { version, history } = held.pointer;
  return version === null ? history : [version, ...history];
}

/** The pointer after a rollback to the version that served before, or to none; null where none serves. */
export function retreat(held: HeldPointer, now: number): Pointer | null {
  if (held === null || held.pointer.version === null) return null;
  const [version = null, ...history] = held.pointer.history;
  return { ...held.pointer, version, history, promoted_at: new Date(now).toISOString() };
}

/** False where somebody else swapped it in the meantime. */
export async function swapPointer(
  bucket: ModelBucket,
  task: Task,
  held: HeldPointer,
  next: Pointer,
): Promise<boolean> {
  const onlyIf = held === null ? { etagDoesNotMatch: "*" } : { etagMatches: held.etag };
  const written = await bucket.put(pointerKey(task), JSON.stringify(next), { onlyIf });
  return written !== null;
}
