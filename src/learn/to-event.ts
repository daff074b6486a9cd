// An event as the shopper's fold took it, out of its rows in the export: what cleaning filled in is left out again.
import { emptyFilled } from "../batch/clean/fill.ts";
import { toEvent as toShopEvent } from "../log/event-rows.ts";
import type { LoggedEvent } from "./read-exports.ts";
import type { LogRow } from "./read-rows.ts";

/** @param rows of one event, at least one. Throws for a name that no event has. */
export function toEvent(rows: readonly LogRow[]): LoggedEvent {
  const event = toShopEvent(rows.map(emptyFilled));
  const [head] = rows;
  if (head === undefined) throw new Error("an event has at least one row");
  const { shopper, linked_from, country, device, referrer } = head;
  return {
    shopper,
    linked_from,
    personalization: head.personalization === 1,
    event,
    visit: { country, device, referrer },
  };
}
