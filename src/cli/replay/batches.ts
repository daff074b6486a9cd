// Cuts a log into batches such that every question can be asked before its answer is sent, and after all
// that the shopper did before has been acknowledged.
import type { WireEvent } from "../simulate/wire.ts";

/** A question to the Worker: what will this shopper look at next? `target` is what the log says. */
export type Ask = { actor: Actor; target: string };

export type Actor = { id_type: "user_id" | "anonymous_id"; id: string };

export type Batch = { events: WireEvent[]; asks: Ask[] };

export function actorOf(event: WireEvent): Actor {
  return event.user_id === undefined
    ? { id_type: "anonymous_id", id: event.anonymous_id }
    : { id_type: "user_id", id: event.user_id };
}

export const actorKey = ({ id_type, id }: Actor): string => `${id_type}:${id}`;

/** Whose history the event becomes: with `identify`, the user's and the device's. */
export function actorsOf(event: WireEvent): Actor[] {
  const actor = actorOf(event);
  if (event.name !== "identify" || actor.id_type === "anonymous_id") return [actor];
  return [actor, { id_type: "anonymous_id", id: event.anonymous_id }];
}

/** The item about to be looked at, or null for any other event. */
function lookedAt(event: WireEvent): string | null {
  return event.name === "view_item" ? (event.items?.[0]?.item_id ?? null) : null;
}

/** The beginning of the log, sent by an earlier run: it is not sent again, but it happened. */
export type Past = { events: number; observe: (event: WireEvent) => void };

/**
 * A question belongs to every product view whose shopper has an earlier event in the log. A batch ends where a
 * question's shopper already has an event in it: that event must be acknowledged first.
 */
export async function* cutBatches(
  events: AsyncIterable<WireEvent>,
  size: number,
  past: Past = { events: 0, observe: () => {} },
): AsyncGenerator<Batch> {
  const known = new Set<string>();
  let toSkip = past.events;
  let inBatch = new Set<string>();
  let batch: Batch = { events: [], asks: [] };
  for await (const event of events) {
    const actor = actorOf(event);
    const key = actorKey(actor);
    if (toSkip > 0) {
      toSkip -= 1;
      past.observe(event);
      for (const touched of actorsOf(event).map(actorKey)) known.add(touched);
      continue;
    }
    const target = lookedAt(event);
    const asks = target !== null && known.has(key);
    if (batch.events.length >= size || (asks && inBatch.has(key))) {
      yield batch;
      batch = { events: [], asks: [] };
      inBatch = new Set();
    }
    if (asks) batch.asks.push({ actor, target });
    batch.events.push(event);
    for (const touched of actorsOf(event).map(actorKey)) {
      known.add(touched);
      inBatch.add(touched);
    }
  }
  if (batch.events.length > 0) yield batch;
}
