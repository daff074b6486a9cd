// What is kept of an event that a crawler sent: what it was about, and nothing that names anybody, since a shopper may be
// taken for one.
import type { Delivery } from "../../durable/contract.ts";
import type { BotEvent } from "../log/message.ts";
import { makeId } from "./read/fingerprint.ts";

/** Null where nothing may be kept. @param agent what sort of crawler */
export function describeBotEvent(
  shopper: string,
  { event, log, received_at }: Delivery,
  agent: string,
): BotEvent | null {
  if (!log) return null;
  return {
    fingerprint: makeId(`${shopper} ${event.event_id}`),
    agent,
    name: event.name,
    item_ids: event.items.map(({ item_id }) => item_id),
    timestamp: event.timestamp,
    received_at,
  };
}
