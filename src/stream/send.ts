// Puts rows into LOG_QUEUE: as few messages as their size allows.
import type { LogEntry } from "../../durable/contract.ts";
import type { Impression, QueueMessage, RejectedEvent } from "./message.ts";

/** A message holds 128 kB at most; the rest is room for its envelope, bytes. */
const MAX_MESSAGE_BYTES = 120_000;
/** UTF-8 takes no more bytes for one character of JSON. */
const MAX_BYTES_PER_CHARACTER = 3;

const ENCODER = new TextEncoder();

/** The end of LOG_QUEUE that takes messages. */
export type LogQueue = { send: (message: unknown) => Promise<unknown> };

export async function sendEntries(queue: LogQueue, entries: readonly LogEntry[]): Promise<void> {
  await sendAll(queue, entries, (part) => ({ kind: "events", entries: part }));
}

/**
 * Logs what was shown. Only for shoppers who agreed to analytics; the caller knows. Call it within `waitUntil`,
 * for many lists at once: messages cost more than rows.
 */
export async function logImpressions(queue: LogQueue, rows: readonly Impression[]): Promise<void> {
  await sendAll(queue, rows, (part) => ({ kind: "impressions", rows: part }));
}

export async function sendRejected(queue: LogQueue, rows: readonly RejectedEvent[]): Promise<void> {
  await sendAll(queue, rows, (part) => ({ kind: "rejected", rows: part }));
}

async function sendAll<Row>(
  queue: LogQueue,
  rows: readonly Row[],
  wrap: (part: Row[]) => QueueMessage,
): Promise<void> {
  for (const part of splitBySize(rows, MAX_MESSAGE_BYTES)) await queue.send(wrap(part));
}

/** Splits rows, in order, into parts of at most `limit` bytes of JSON each. A row is never split. */
export function splitBySize<Row>(rows: readonly Row[], limit: number): Row[][] {
  if (rows.length === 0) return [];
  if (JSON.stringify(rows).length * MAX_BYTES_PER_CHARACTER <= limit) return [[...rows]];
  const parts: Row[][] = [];
  let part: Row[] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = ENCODER.encode(JSON.stringify(row)).byteLength + 1;
    if (part.length > 0 && bytes + size > limit) {
      parts.push(part);
      part = [];
      bytes = 0;
    }
    part.push(row);
    bytes += size;
  }
  parts.push(part);
  return parts;
}
