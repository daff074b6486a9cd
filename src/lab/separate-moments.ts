// Logs count in seconds, storefronts in milliseconds: events of one shopper at one moment are set a millisecond apart,
// in the order of the log. So their order does not hang on which of them a replay sends in one request.
import { actorKey, actorsOf } from "./replay/batches.ts";
import type { WireEvent } from "./simulate/wire.ts";

/** @param events in event-time order */
export async function* separateMoments(
  events: AsyncIterable<WireEvent>,
): AsyncGenerator<WireEvent> {
  const last = new Map<string, number>();
  let latest = -Infinity;
  for await (const event of events) {
    // Nobody known so far can tie with what is later than all of them.
    if (event.timestamp > latest) last.clear();
    const actors = actorsOf(event).map(actorKey);
    const before = Math.max(...actors.map((actor) => last.get(actor) ?? -Infinity));
    const timestamp = Math.max(event.timestamp, before + 1);
    for (const actor of actors) last.set(actor, timestamp);
    latest = Math.max(latest, timestamp);
    yield timestamp === event.timestamp ? event : { ...event, timestamp };
  }
}
