// Puts rows into LOG_QUEUE: as few messages as their size allows.
import type { LogEntry } from "../../durable/contract.ts";
import { MAX_MESSAGE_BYTES, splitBySize } from "../../durable/message-size.ts";
import type {
  BotEvent,
  OrderGoods,
  QueueMessage,
  RejectedEvent,
  ShadowList,
  ShownList,
} from "./message.ts";

/** The end of LOG_QUEUE that takes messages. */
export type LogQueue = { send: (message: unknown) => Promise<unknown> };

export async function sendEntries(queue: LogQueue, entries: readonly LogEntry[]): Promise<void> {
  await sendAll(queue, entries, (part) => ({ kind: "events", entries: part }));
}

/**
 * Logs what was shown. Only for shoppers who agreed to analytics; the caller knows. Call it within `waitUntil`,
 * for many lists at once: messages cost more than lists.
 */
export async function logShown(queue: LogQueue, rows: readonly ShownList[]): Promise<void> {
  await sendAll(queue, rows, (part) => ({ kind: "shown", rows: part }));
}

/** The same for what a challenger would have shown. */
export async function logShadows(queue: LogQueue, rows: readonly ShadowList[]): Promise<void> {
  await sendAll(queue, rows, (part) => ({ kind: "shadows", rows: part }));
}

export async function sendRejected(queue: LogQueue, rows: readonly RejectedEvent[]): Promise<void> {
  await sendAll(queue, rows, (part) => ({ kind: "rejected", rows: part }));
}

export async function sendBotEvents(queue: LogQueue, rows: readonly BotEvent[]): Promise<void> {
  await sendAll(queue, rows, (part) => ({ kind: "bots", rows: part }));
}

export async function sendGoods(queue: LogQueue, rows: readonly OrderGoods[]): Promise<void> {
  await sendAll(queue, rows, (part) => ({ kind: "goods", rows: part }));
}

async function sendAll<Row>(
  queue: LogQueue,
  rows: readonly Row[],
  wrap: (part: Row[]) => QueueMessage,
): Promise<void> {
  for (const part of splitBySize(rows, MAX_MESSAGE_BYTES)) await queue.send(wrap(part));
}
