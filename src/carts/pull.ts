// Reminders that are fetched: by the shop's back end, or by the browser of a shopper who is there. Fetching asks the
// shopper's object anew; only the word that one was shown ends it.
import { and, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { ReminderClaim } from "../../durable/contract.ts";
import { openShopper } from "../../durable/stubs.ts";
import { reminders } from "../log/schema.ts";
import { readSettings } from "../shop/settings.ts";
import { listToPull, recordDue, recordShown, recordStopped } from "./reminder-log.ts";
import { createRestoreLink } from "./restore-token.ts";
import { describeReminder, type SentReminder } from "./webhook.ts";

export async function pullReminders(env: Env, limit: number, now: number) {
  const rows = await listToPull(env.DB, limit);
  const pulled: Awaited<ReturnType<typeof tell>>[] = [];
  for (const { reminder_id, shopper } of rows) {
    const claim = await openShopper(env.SHOPPER, shopper).claimReminder(reminder_id);
    if (claim.kind === "send") pulled.push(await tell(claim, shopper, env, now));
    else await recordStopped(env.DB, reminder_id, claim.reason);
  }
  return pulled;
}

/** What this shopper is to be shown on the site now. */
export async function readOnSite(env: Env, shopper: string, now: number) {
  const claims: ReminderClaim[] = await openShopper(env.SHOPPER, shopper).claimOnSite();
  const open = claims.filter((claim) => claim.kind === "send");
  for (const { reminder, rule } of open) {
    const { reminder_id, cart_version, touch, created_at: at } = reminder;
    const { rule_id, channel } = rule;
    // Its message may be on its way still, and a browser confirms at once.
    const due = { kind: "due", reminder_id, rule_id, channel, cart_version, touch, shopper, at };
    await recordDue(env.DB, { ...due, kind: "due" });
  }
  return await Promise.all(open.map((claim) => tell(claim, shopper, env, now)));
}

/**
 * False where there is no such reminder.
 *
 * @param shopper whose it must be; null: anybody's
 */
export async function markShown(
  env: Env,
  reminder_id: string,
  shopper: string | null,
  now: number,
): Promise<boolean> {
  const isIt = and(
    eq(reminders.reminder_id, reminder_id),
    eq(reminders.held_out, 0),
    shopper === null ? undefined : eq(reminders.shopper, shopper),
  );
  const row = await drizzle(env.DB).select().from(reminders).where(isIt).get();
  if (row === undefined) return false;
  await openShopper(env.SHOPPER, row.shopper).settleReminder(reminder_id);
  await recordShown(env.DB, reminder_id, now);
  return true;
}

async function tell(claim: SentReminder, shopper: string, env: Env, now: number) {
  const { money } = readSettings(env);
  const restore = await createRestoreLink(shopper, now, env);
  return { ...describeReminder(claim, shopper, money), restore };
}
