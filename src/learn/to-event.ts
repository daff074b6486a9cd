// An event as the shopper's fold took it, out of its rows in the export: what cleaning filled in is left out again.
import type { ShopEvent } from "../../durable/state/event.ts";
import { emptyFilled } from "../batch/clean/fill.ts";
import { toEvent as toShopEvent } from "../log/event-rows.ts";
import type { Visit } from "../live/segment-trends.ts";
import type { LogRow } from "./read-rows.ts";

/** An event as the Worker took it, with where its visit came from. */
export type LoggedEvent = {
  shopper: string;
  /** On an `identify`: who turned out to be this shopper. */
  linked_from: string | null;
  /** Whether the shopper's state may know of it. */
  personalization: boolean;
  event: ShopEvent;
  visit: Visit;
};

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
