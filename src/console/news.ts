// What the log has just taken, as a browser that watches is told it: no ids of people but pseudonyms, and no more than a
// screen can show.
import type { QueueMessage } from "../log/message.ts";

/** Of each kind; a busy shop has more a second than anybody reads. */
const MOST = 50;

export type News = {
  /** ms since the epoch, as all times here. */
  at: number;
  /** ms from arrival to the log, of the event that waited longest; null where there is none. */
  lag: number | null;
  events: number;
  shown: number;
  refused: number;
  bots: number;
  /** The newest of them. */
  latest: { name: string; shopper: string; item_ids: string[]; timestamp: number }[];
  refusals: { code: string; message: string }[];
};

/** Null where nothing happened. */
export function readNews(messages: readonly QueueMessage[], now: number): News | null {
  const entries = messages.flatMap((message) => (message.kind === "events" ? message.entries : []));
  const refusals = messages.flatMap((message) => (message.kind === "rejected" ? message.rows : []));
  const count = (kind: "shown" | "bots") =>
    messages.reduce((sum, each) => sum + (each.kind === kind ? each.rows.length : 0), 0);
  const [shown, bots] = [count("shown"), count("bots")];
  if (entries.length + refusals.length + shown + bots === 0) return null;
  const waits = entries.map(({ received_at }) => now - received_at);
  return {
    at: now,
    lag:
      waits.length === 0
        ? null
        : Math.max(
            0,
            waits.reduce((a, b) => Math.max(a, b)),
          ),
    events: entries.length,
    shown,
    refused: refusals.length,
    bots,
    latest: entries.slice(-MOST).map(({ shopper, event: { name, items, timestamp } }) => ({
      name,
      shopper,
      item_ids: items.slice(0, 5).map(({ item_id }) => item_id),
      timestamp,
    })),
    refusals: refusals.slice(-MOST).map(({ code, message }) => ({ code, message })),
  };
}
