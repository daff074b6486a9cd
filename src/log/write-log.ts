// Writes queue messages into the log's tables: all rows of all messages in one transaction, each row once.
import { sql, type SQL } from "drizzle-orm";
import type { LogEntry } from "../../durable/contract.ts";
import { EVENT_COLUMNS, toEventRows } from "./event-rows.ts";
import { buildInserts } from "../d1/insert-rows.ts";
import type { BotEvent, QueueMessage, RejectedEvent, ShadowList, ShownList } from "./message.ts";
import { runBatch } from "../d1/run-batch.ts";
import { botEvents, erasures, events, rejectedEvents, shadowLists, shownLists } from "./schema.ts";

const SHOWN_COLUMNS = [
  "recommendation_id",
  "first",
  "shopper",
  "surface",
  "timestamp",
  "experiment",
  "items",
  "origins",
  "arms",
] as const;

const SHADOW_COLUMNS = [
  "recommendation_id",
  "experiment",
  "shopper",
  "surface",
  "model_version",
  "ranking_version",
  "shown",
  "items",
  "failed",
  "timestamp",
] as const;

const BOT_COLUMNS = [
  "fingerprint",
  "agent",
  "name",
  "item_ids",
  "timestamp",
  "received_at",
] as const;

const REJECTED_COLUMNS = [
  "fingerprint",
  "shopper",
  "event_id",
  "code",
  "message",
  "row",
  "times",
  "first_at",
  "last_at",
] as const;

/** Throws where D1 fails; then no row was written. */
export async function writeLog(
  database: D1Database,
  messages: readonly QueueMessage[],
): Promise<void> {
  await runBatch(database, buildStatements(messages));
}

function buildStatements(messages: readonly QueueMessage[]): SQL[] {
  const entries: LogEntry[] = [];
  const shown: ShownList[] = [];
  const shadows: ShadowList[] = [];
  const rejected: RejectedEvent[] = [];
  const bots: BotEvent[] = [];
  for (const message of messages) {
    if (message.kind === "events") entries.push(...message.entries);
    else if (message.kind === "shown") shown.push(...message.rows);
    else if (message.kind === "shadows") shadows.push(...message.rows);
    else if (message.kind === "bots") bots.push(...message.rows);
    else if (message.kind === "rejected") rejected.push(...message.rows);
  }
  return [
    ...buildInserts(events, EVENT_COLUMNS, entries.flatMap(toEventRows), {
      where: isNotErased(EVENT_COLUMNS, "received_at"),
    }),
    ...buildInserts(shownLists, SHOWN_COLUMNS, shown.map(toShownRow), {
      where: isNotErased(SHOWN_COLUMNS, "timestamp"),
    }),
    ...buildInserts(shadowLists, SHADOW_COLUMNS, shadows.map(toShadowRow), {
      where: isNotErased(SHADOW_COLUMNS, "timestamp"),
    }),
    ...buildInserts(botEvents, BOT_COLUMNS, bots.map(toBotRow)),
    ...buildInserts(rejectedEvents, REJECTED_COLUMNS, rejected.map(toRejectedRow), {
      where: isNotErased(REJECTED_COLUMNS, "last_at"),
      onConflict: sql`on conflict (fingerprint) do update set times = times + 1, last_at = excluded.last_at`,
    }),
  ];
}

/** True for rows of shoppers who have not asked to be forgotten since. */
function isNotErased(columns: readonly string[], since: string): SQL {
  const shopper = sql.raw(`value ->> ${columns.indexOf("shopper")}`);
  const at = sql.raw(`value ->> ${columns.indexOf(since)}`);
  return sql`not exists (select 1 from ${erasures} where shopper = ${shopper} and erased_at >= ${at})`;
}

function toShownRow({ items, origins, arms, ...row }: ShownList) {
  const lists = { items: JSON.stringify(items), origins: JSON.stringify(origins) };
  const cells = { ...row, ...lists, arms: JSON.stringify(arms) };
  return SHOWN_COLUMNS.map((column) => cells[column]);
}

function toShadowRow({ items, failed, ...row }: ShadowList) {
  const cells = { ...row, items: JSON.stringify(items), failed: failed ? 1 : 0 };
  return SHADOW_COLUMNS.map((column) => cells[column]);
}

function toBotRow({ item_ids, ...row }: BotEvent) {
  const cells = { ...row, item_ids: JSON.stringify(item_ids) };
  return BOT_COLUMNS.map((column) => cells[column]);
}

function toRejectedRow({
  fingerprint,
  shopper,
  event_id,
  code,
  message,
  row,
  received_at,
}: RejectedEvent) {
  return [fingerprint, shopper, event_id, code, message, row, 1, received_at, received_at];
}
