// Cuts a log into batches such that every question can be asked before its answer is sent, and after all
// that the shopper did before has been acknowledged.
import type { WireEvent } from "../simulate/wire.ts";

/** A question to the Worker: what will this shopper look at next? `target` is what the log says. */
export type Ask = {
  actor: Actor;
  target: string;
  /** Of the view, ms. */
  at: number;
  session: string | undefined;
  /** Whether the shopper was never asked about before. */
  isFirst: boolean;
};

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

export type CutOptions = {
  /** Most events in a batch. */
  size: number;
  /** False: events only, so that batches are full. */
  ask: boolean;
  /** Whether questions about a shopper are wanted; about all where it is not given. */
  wants?: (actor: Actor) => boolean;
  /** ms. Earlier views are sent, but nothing is asked before them. */
  askFrom?: number;
  /** How many events an earlier run has sent: they are not sent again, but they happened. */
  skip: number;
  /** Told of each skipped event. */
  onSkipped: (event: WireEvent) => void;
};

/**
 * A question belongs to every product view whose shopper has an earlier event in the log. A batch ends where a
 * question's shopper already has an event in it: that event must be acknowledged first.
 */
export async function* cutBatches(
  events: AsyncIterable<WireEvent>,
  { size, ask, wants = () => true, askFrom = -Infinity, skip, onSkipped }: CutOptions,
): AsyncGenerator<Batch> {
  const known = new Set<string>();
  /** Shoppers who looked at an item when they were known. */
  const askedAbout = new Set<string>();
  let toSkip = skip;
  let inBatch = new Set<string>();
  let batch: Batch = { events: [], asks: [] };
  for await (const event of events) {
    const actor = actorOf(event);
    const key = actorKey(actor);
    const touched = actorsOf(event).map(actorKey);
    if (toSkip > 0) {
      toSkip -= 1;
      onSkipped(event);
      if (lookedAt(event) !== null && known.has(key)) askedAbout.add(key);
      for (const one of touched) known.add(one);
      continue;
    }
    const target = lookedAt(event);
    const asks =
      ask && event.timestamp >= askFrom && target !== null && known.has(key) && wants(actor);
    if (batch.events.length >= size || (asks && inBatch.has(key))) {
      yield batch;
      batch = { events: [], asks: [] };
      inBatch = new Set();
    }
    if (asks) {
      const isFirst = !askedAbout.has(key);
      batch.asks.push({ actor, target, at: event.timestamp, session: event.session_id, isFirst });
    }
    if (target !== null && known.has(key)) askedAbout.add(key);
    batch.events.push(event);
    for (const one of touched) {
      known.add(one);
      inBatch.add(one);
    }
  }
  if (batch.events.length > 0) yield batch;
}
