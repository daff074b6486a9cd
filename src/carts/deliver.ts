// The queue of reminders: each message is a wake-up call. The shopper's object is asked anew before each try, so a purchase
// between two tries stops the second; the receiver knows a repeated one by its id.
import * as z from "zod";
import type { ReminderMessage } from "../../durable/contract.ts";
import { log } from "../../durable/log-line.ts";
import { openShopper } from "../../durable/stubs.ts";
import { readSettings } from "../shop/settings.ts";
import { recordDue, recordShown, recordStopped } from "./reminder-log.ts";
import { createRestoreLink } from "./restore-token.ts";
import { describeReminder, postReminder, type Receiver } from "./webhook.ts";

/** The first wait before another try and the longest, s: a receiver may be down for a day. */
const RETRY_SECONDS = 10;
const MAX_RETRY_SECONDS = 43_200;

const Message = z.object({
  kind: z.enum(["due", "held_out"]),
  reminder_id: z.string(),
  rule_id: z.string(),
  channel: z.enum(["on_site", "webhook", "pull"]),
  cart_version: z.string(),
  touch: z.int(),
  shopper: z.string(),
  at: z.int(),
}) satisfies z.ZodType<ReminderMessage>;

export type DeliveryEnv = Env & { REMINDER_WEBHOOK_SECRET?: string };

/** Acknowledges or retries message by message. */
export async function deliverReminders(
  batch: MessageBatch,
  env: DeliveryEnv,
  now: number,
  send: typeof fetch = fetch,
): Promise<void> {
  for (const message of batch.messages) {
    const read = Message.safeParse(message.body);
    if (!read.success) {
      log("error", "reminder_unreadable", {});
      message.ack();
      continue;
    }
    try {
      await deliver(read.data, env, now, send);
      message.ack();
    } catch (error) {
      log("warn", "reminder_not_delivered", { attempts: message.attempts }, error);
      message.retry({ delaySeconds: retryDelay(message.attempts) });
    }
  }
}

/** @param attempts from 1 */
function retryDelay(attempts: number): number {
  return Math.min(MAX_RETRY_SECONDS, RETRY_SECONDS * 3 ** (attempts - 1));
}

async function deliver(
  message: ReminderMessage,
  env: DeliveryEnv,
  now: number,
  send: typeof fetch,
): Promise<void> {
  await recordDue(env.DB, message);
  // The others are fetched: by the browser, or by the shop.
  if (message.kind === "held_out" || message.channel !== "webhook") return;
  const receiver = readReceiver(env);
  const { reminder_id, shopper } = message;
  if (receiver === null) return await recordStopped(env.DB, reminder_id, "no_webhook");
  const object = openShopper(env.SHOPPER, shopper);
  using claim = await object.claimReminder(reminder_id);
  if (claim.kind !== "send") return await recordStopped(env.DB, reminder_id, claim.reason);
  const { money } = readSettings(env);
  const body = {
    ...describeReminder(claim, shopper, money),
    restore: await createRestoreLink(shopper, now, env),
  };
  await postReminder(receiver, reminder_id, body, now, send);
  await openShopper(env.SHOPPER, shopper).settleReminder(reminder_id);
  await recordShown(env.DB, reminder_id, now);
}

function readReceiver(env: DeliveryEnv): Receiver | null {
  const { REMINDER_WEBHOOK_URL: url, REMINDER_WEBHOOK_SECRET: secret } = env;
  return url === "" || secret === undefined || secret === "" ? null : { url, secret };
}
