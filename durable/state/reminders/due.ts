// When a rule speaks: what it waits for, by the cart and the catalogue as they are now.
import { cartValue } from "../cart/cart.ts";
import type { ReminderRule } from "./rules.ts";
import { type ReminderState, type View, versionOf } from "./state.ts";

/** When the rule's next word is due, ms; null while what it waits for is not the case. */
export function dueAt(rule: ReminderRule, view: View, state: ReminderState): number | null {
  const met = metAt(rule, view, state);
  if (met === null) return null;
  const spoken = touchesOf(rule, view, state);
  if (spoken.length >= rule.touches) return null;
  const last = Math.max(-Infinity, ...spoken.map(({ at }) => at));
  return Math.max(met, last + rule.spacing_ms);
}

/** How often the rule has spoken of this cart. */
export function touchesOf(rule: ReminderRule, view: View, state: ReminderState) {
  const version = versionOf(view.cart);
  return state.touches.filter(
    (touch) => touch.rule_id === rule.rule_id && touch.cart_version === version,
  );
}

/** Whether the rule hangs on stock or prices, which change without the shopper. */
export function isWatching({ trigger: { kind } }: ReminderRule): boolean {
  return kind === "price_drop" || kind === "low_stock" || kind === "back_in_stock";
}

function metAt({ trigger }: ReminderRule, view: View, state: ReminderState): number | null {
  const { cart, facts, last_seen } = view;
  const since = cart.changed_at;
  if (since === null || cart.lines.length === 0) return null;
  const value = cartValue(cart);
  switch (trigger.kind) {
    case "cart_reaches": {
      const pieces = cart.lines.reduce((sum, { quantity }) => sum + quantity, 0);
      const isReached =
        pieces >= (trigger.pieces ?? Infinity) || value >= (trigger.value ?? Infinity);
      return isReached ? since : null;
    }
    case "free_delivery": {
      const short = trigger.value - value;
      return short > 0 && short <= trigger.within ? since : null;
    }
    case "cart_left": {
      const isHigh = trigger.high_value !== null && value >= trigger.high_value;
      const quiet = isHigh ? Math.ceil(trigger.quiet_ms / 2) : trigger.quiet_ms;
      return Math.max(since, last_seen ?? since) + quiet;
    }
    case "price_drop":
      return cart.lines.some(({ item_id, price }) => {
        const now = facts[item_id]?.price ?? null;
        return now !== null && price !== null && now <= price * (1 - trigger.share);
      })
        ? since
        : null;
    case "low_stock":
      return cart.lines.some(({ item_id }) => {
        const left = facts[item_id]?.for_sale ?? null;
        return left !== null && left > 0 && left <= trigger.units;
      })
        ? since
        : null;
    default:
      return state.sold_out.some((item_id) => {
        const fact = facts[item_id];
        return fact !== undefined && (fact.for_sale === null || fact.for_sale > 0);
      })
        ? since
        : null;
  }
}
