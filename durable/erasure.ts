// What stays of a shopper who was forgotten: when. What comes again from before that moment is not taken again.
import type { Delivery } from "./contract.ts";

type Storage = Pick<DurableObjectStorage, "kv">;

const KEY = "erased_at";

/** ms; null for an object that was never erased. Looking stores nothing. */
export function readErasedAt({ kv }: Storage): number | null {
  return kv.get<number>(KEY) ?? null;
}

/** Names nobody: the object's own name is a hash of the pseudonym. */
export function writeErasedAt({ kv }: Storage, at: number): void {
  kv.put(KEY, at);
}

/** True for what happened, or arrived at the door, before the shopper was forgotten. */
export function isOfBefore(
  erasedAt: number | null,
  { event, received_at }: Pick<Delivery, "event" | "received_at">,
): boolean {
  return erasedAt !== null && (event.timestamp <= erasedAt || received_at <= erasedAt);
}
