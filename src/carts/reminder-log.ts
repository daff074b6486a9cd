// Reminders in D1: the shop's rules, and what became of each reminder. Every write may be repeated.
import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { ReminderMessage } from "../../durable/contract.ts";
import type { ReminderRules } from "../../durable/state/reminders/rules.ts";
import { erasures, reminderRules, reminders } from "../log/schema.ts";

export type ReminderRow = typeof reminders.$inferSelect;

const ONLY = 1;

export async function readRules(
  database: D1Database,
): Promise<{ rules: ReminderRules; changed_at: number } | null> {
  const row = await drizzle(database).select().from(reminderRules).get();
  if (row === undefined) return null;
  const rules: ReminderRules = JSON.parse(row.body);
  return { rules, changed_at: row.changed_at };
}

export async function writeRules(
  database: D1Database,
  rules: ReminderRules,
  now: number,
): Promise<void> {
  const row = { body: JSON.stringify(rules), changed_at: now };
  await drizzle(database)
    .insert(reminderRules)
    .values({ id: ONLY, ...row })
    .onConflictDoUpdate({ target: reminderRules.id, set: row });
}

/** Not of a shopper who was erased since it was emitted. */
export async function recordDue(database: D1Database, message: ReminderMessage): Promise<void> {
  const { reminder_id, shopper, rule_id, channel, cart_version, touch, at, kind } = message;
  const held_out = kind === "held_out" ? 1 : 0;
  await drizzle(database).run(sql`
    insert into ${reminders}
      (reminder_id, shopper, rule_id, channel, cart_version, touch, held_out, created_at)
    select ${reminder_id}, ${shopper}, ${rule_id}, ${channel}, ${cart_version}, ${touch}, ${held_out}, ${at}
    where not exists (select 1 from ${erasures} where shopper = ${shopper} and erased_at >= ${at})
    on conflict (reminder_id) do nothing`);
}

export async function recordShown(database: D1Database, reminder_id: string, now: number) {
  await drizzle(database)
    .update(reminders)
    .set({ shown_at: now, stopped: null })
    .where(and(eq(reminders.reminder_id, reminder_id), isNull(reminders.shown_at)));
}

export async function recordStopped(database: D1Database, reminder_id: string, reason: string) {
  await drizzle(database)
    .update(reminders)
    .set({ stopped: reason })
    .where(and(eq(reminders.reminder_id, reminder_id), isNull(reminders.shown_at)));
}

/** False where there is no such reminder, or it was never shown. */
export async function recordClick(
  database: D1Database,
  reminder_id: string,
  now: number,
): Promise<boolean> {
  const result = await drizzle(database).run(sql`
    update ${reminders} set clicked_at = coalesce(clicked_at, ${now})
    where reminder_id = ${reminder_id} and shown_at is not null`);
  return result.meta.changes > 0;
}

/** Those that the shop's back end fetches by itself and has not fetched yet, the oldest first. */
export async function listToPull(database: D1Database, limit: number): Promise<ReminderRow[]> {
  return await drizzle(database)
    .select()
    .from(reminders)
    .where(
      and(
        eq(reminders.channel, "pull"),
        eq(reminders.held_out, 0),
        isNull(reminders.shown_at),
        isNull(reminders.stopped),
      ),
    )
    .orderBy(asc(reminders.created_at))
    .limit(limit);
}
