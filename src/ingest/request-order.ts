// What the order of a request's rows says: which of two events at the same moment came first, and which of two alike
// without ids is the second one.
import type { Dispatch } from "./dispatch.ts";

/** Sets `tie`, the rank among the events of one shopper and moment. Events that no other ties with stay at 0. */
export function rankTies(dispatches: readonly Dispatch[]): void {
  const ranks = new Map<string, number>();
  for (const dispatch of dispatches) {
    if (dispatch.kind !== "ingest") continue;
    const { event } = dispatch.delivery;
    const key = `${dispatch.shopper} ${event.timestamp}`;
    const rank = ranks.get(key) ?? 0;
    ranks.set(key, rank + 1);
    event.tie = rank;
  }
}

/** Two messages of one request that are alike to the letter are two events; sent again, they get the same ids. */
export function separateIds(dispatches: readonly Dispatch[]): void {
  const times = new Map<string, number>();
  for (const dispatch of dispatches) {
    if (!("delivery" in dispatch) || !dispatch.isIdDerived) continue;
    const { event } = dispatch.delivery;
    const seen = (times.get(event.event_id) ?? 0) + 1;
    times.set(event.event_id, seen);
    if (seen > 1) event.event_id = `${event.event_id}-${seen}`;
  }
}
