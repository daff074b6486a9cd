// Messages that could not be processed: kept in D1 until somebody has mended the cause and sends them again.
import { asc, eq, gt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { buildInserts } from "../d1/insert-rows.ts";
import { runBatch } from "../d1/run-batch.ts";
import { dropErasedLines } from "./letter-lines.ts";
import { deadLetters } from "./schema.ts";
import type { LogQueue } from "./send.ts";

export type DeadLetter = { message_id: string; reason: string; body: string; stored_at: number };
export type StoredDeadLetter = typeof deadLetters.$inferSelect;

const COLUMNS = ["message_id", "reason", "body", "stored_at"] as const;

/** What is about shoppers who were erased meanwhile is not kept. */
export async function storeDeadLetters(
  database: D1Database,
  letters: readonly DeadLetter[],
): Promise<void> {
  const rows = letters.map((letter) => COLUMNS.map((column) => letter[column]));
  await runBatch(database, [
    ...buildInserts(deadLetters, COLUMNS, rows),
    ...dropErasedLines(letters.map(({ message_id }) => message_id)),
  ]);
}

/** Oldest first, after the given id. */
export async function listDeadLetters(
  database: D1Database,
  after: number,
  limit: number,
): Promise<StoredDeadLetter[]> {
  return await drizzle(database)
    .select()
    .from(deadLetters)
    .where(gt(deadLetters.id, after))
    .orderBy(asc(deadLetters.id))
    .limit(limit);
}

/**
 * Sends the oldest letters to their queue again, then drops them; cut off in between, some are sent twice, which
 * the consumer does not mind. Returns how many it sent.
 */
export async function redriveDeadLetters(
  database: D1Database,
  queues: { log: LogQueue; reminders: LogQueue },
  limit: number,
): Promise<number> {
  const letters = await listDeadLetters(database, 0, limit);
  for (const letter of letters) {
    const body: unknown = JSON.parse(letter.body);
    await (isReminder(body) ? queues.reminders : queues.log).send(body);
    await drizzle(database).delete(deadLetters).where(eq(deadLetters.id, letter.id));
  }
  return letters.length;
}

function isReminder(body: unknown): boolean {
  return typeof body === "object" && body !== null && "reminder_id" in body;
}
