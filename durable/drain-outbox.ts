// Empties the outbox into the log: what the log has is dropped, the rest is sent again. A lost queue message,
// a consumer that is down, a log that cannot be reached: each only makes the next look later.
import type { LogEntry, LogMessage } from "./contract.ts";
import { MAX_MESSAGE_BYTES, splitBySize } from "./message-size.ts";
import { nextTryAt } from "./schedule.ts";
import type { ShopperStore } from "./rows/shopper-store.ts";
import { log } from "./log-line.ts";

export type DrainDeps = {
  store: Pick<ShopperStore, "readDue" | "dropPending" | "deferPending">;
  /** Which of these events the log has. */
  findLogged: (eventIds: readonly string[]) => Promise<ReadonlySet<string>>;
  send: (message: LogMessage) => Promise<unknown>;
  now: number;
};

/** Entries looked at by one alarm; the next one rings at once where there are more. */
const ENTRIES_AT_ONCE = 500;

export async function drainOutbox(deps: DrainDeps): Promise<void> {
  const due = deps.store.readDue(deps.now, ENTRIES_AT_ONCE);
  if (due.length === 0) return;
  const logged = await lookUp(
    due.map(({ entry }) => entry.event.event_id),
    deps,
  );
  const isLogged = (entry: LogEntry) => logged?.has(entry.event.event_id) === true;
  deps.store.dropPending(due.filter(({ entry }) => isLogged(entry)).map(({ seq }) => seq));
  const missing = due.filter(({ entry }) => !isLogged(entry));
  if (logged !== null)
    await sendAgain(
      missing.map(({ entry }) => entry),
      deps,
    );
  for (const { seq, attempts } of missing) {
    deps.store.deferPending(seq, attempts + 1, nextTryAt(deps.now, attempts + 1));
  }
}

/** Null where the log cannot be reached: then it cannot take anything either, and sending would only fill the queue. */
async function lookUp(
  eventIds: readonly string[],
  { findLogged }: DrainDeps,
): Promise<ReadonlySet<string> | null> {
  try {
    return await findLogged(eventIds);
  } catch (error) {
    log("warn", "log_not_read", {}, error);
    return null;
  }
}

async function sendAgain(entries: readonly LogEntry[], { send }: DrainDeps): Promise<void> {
  const messages = splitBySize(entries, MAX_MESSAGE_BYTES);
  const sent = await Promise.allSettled(
    messages.map((part) => send({ kind: "events", entries: part })),
  );
  for (const result of sent) {
    if (result.status === "rejected") log("warn", "queue_refused", {}, result.reason);
  }
}
