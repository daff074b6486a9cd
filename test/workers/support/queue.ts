// The queue's consumer, called with messages of a test's own making, against real D1.
import { env } from "cloudflare:workers";
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import type { LogEntry } from "../../../durable/contract.ts";
import worker from "../../../src/index.ts";
import type { ShownList } from "../../../src/log/message.ts";
import { makeEvent, makeLine } from "../../support/records.ts";

export const NOW = Date.UTC(2026, 0, 15);

/** Empties the log, and what consuming touches beside it. */
export async function emptyLog(): Promise<void> {
  for (const table of [
    "events",
    "dead_letters",
    "rejected_events",
    "shown_lists",
    "erasures",
    "items",
  ]) {
    await env.DB.exec(`delete from ${table}`);
  }
}

export function makeEntry(
  event_id: string,
  change: Partial<LogEntry["event"]> = {},
  shopper = "s1",
): LogEntry {
  return {
    shopper,
    linked_from: null,
    event: makeEvent({
      event_id,
      timestamp: NOW,
      items: [makeLine("a", { price: 100 }), makeLine("b", { price: 100 })],
      ...change,
    }),
    consent: { analytics: true, personalization: true },
    context: { country: "NL", device: null, referrer: null, page: null },
    received_at: NOW,
  };
}

/** A list of one variant at the top of the page. */
export function makeShownList(
  recommendation_id: string,
  ids: readonly string[],
  change: Partial<ShownList> = {},
): ShownList {
  return {
    recommendation_id,
    first: 0,
    shopper: "s1",
    surface: "home",
    timestamp: NOW,
    experiment: null,
    items: [...ids],
    origins: ids.map(() => ["similar", 1, 0]),
    arms: [[null, null]],
    ...change,
  };
}

export function makeEvents(...ids: string[]) {
  return { kind: "events", entries: ids.map((id) => makeEntry(id)) };
}

export function makeBatch(bodies: readonly unknown[], queue = "millrace-log") {
  return createMessageBatch(
    queue,
    bodies.map((body, i) => ({ id: `${queue}-${i}`, timestamp: new Date(NOW), attempts: 1, body })),
  );
}

/** Ids that were acknowledged and sent back, by their index in the batch. */
export async function consume(
  bodies: readonly unknown[],
  { queue = "millrace-log", database = env.DB } = {},
) {
  const batch = makeBatch(bodies, queue);
  const context = createExecutionContext();
  await worker.queue(batch, { ...env, DB: database }, context);
  const { explicitAcks, retryMessages } = await getQueueResult(batch, context);
  const indexOf = (id: string) => Number(id.split("-").at(-1));
  return {
    acked: explicitAcks.map(indexOf).sort((a, b) => a - b),
    retried: retryMessages.map(({ msgId }) => indexOf(msgId)).sort((a, b) => a - b),
  };
}

/** The real D1, but for batches that the test wants to fail. */
export function failBatches(
  database: D1Database,
  fails: (call: number, statements: number) => boolean,
): D1Database {
  let call = 0;
  return new Proxy(database, {
    get(target, property) {
      if (property !== "batch") {
        const value: unknown = Reflect.get(target, property);
        return typeof value === "function" ? value.bind(target) : value;
      }
      return async (statements: D1PreparedStatement[]) => {
        if (fails(call++, statements.length)) throw new Error("D1_ERROR: out of order");
        return await target.batch(statements);
      };
    },
  });
}
