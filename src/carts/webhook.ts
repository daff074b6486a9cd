// One reminder to the shop's webhook, signed as Standard Webhooks have it (standardwebhooks.com).
import { Webhook } from "standardwebhooks";
import type { ReminderClaim } from "../../durable/contract.ts";
import { cartValue } from "../../durable/state/cart/cart.ts";
import { toDecimal } from "../shop/units.ts";
import type { Money } from "../shop/money.ts";

/** Longer than a healthy receiver takes, ms: it should answer first and work afterwards. */
const TIMEOUT = 10_000;

export type SentReminder = Extract<ReminderClaim, { kind: "send" }>;

export type Receiver = { url: string; secret: string };

/** What a reminder says, by whatever channel. No id of a person but the pseudonym. */
export function describeReminder(
  { reminder, rule, cart }: SentReminder,
  shopper: string,
  { currency, scale }: Money,
) {
  return {
    reminder_id: reminder.reminder_id,
    rule_id: rule.rule_id,
    kind: rule.trigger.kind,
    channel: rule.channel,
    touch: reminder.touch + 1,
    shopper,
    cart: {
      items: cart.lines.map(({ item_id, variant, quantity }) => ({
        item_id,
        item_variant: variant,
        quantity,
      })),
      value: toDecimal(cartValue(cart), scale),
      currency,
    },
  };
}

/** Throws where the receiver does not answer with a success; then the same id is sent again. */
export async function postReminder(
  receiver: Receiver,
  id: string,
  body: object,
  now: number,
  send: typeof fetch = fetch,
): Promise<void> {
  const text = JSON.stringify({
    type: "reminder.due",
    timestamp: new Date(now).toISOString(),
    data: body,
  });
  const signature = new Webhook(receiver.secret).sign(id, new Date(now), text);
  const answer = await send(receiver.url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(now / 1000)),
      "webhook-signature": signature,
    },
    body: text,
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`The receiver answered ${answer.status}`);
}
