// The life of reminders beside one shopper's cart, as a state machine: what happens to the state, and what is emitted.
// Pure: the clock, the catalogue and the rules are passed in.
//
//   (cart changed) --> look_at --wake--> pending --claim--> touch --settle--> settled
//                         ^                 |  \--objection-----> dropped
//                         '----later--------'
//
// `wake` may be repeated, `claim` and `settle` too: what is pending is not made again, and keeps its id.
import type { Cart } from "../cart/cart.ts";
import { dueAt, isWatching, touchesOf } from "./due.ts";
import { hashHex } from "./draw-share.ts";
import {
  type Candidate,
  findObjection,
  GUARDS,
  type GuardName,
  type GuardTable,
} from "./guards.ts";
import type { ReminderRule } from "./rules.ts";
import {
  type PendingReminder,
  type ReminderState,
  type Touch,
  type View,
  versionOf,
} from "./state.ts";

/**
 * From a change of the cart to the first look, ms: as long as to the first check of the outbox, so that one alarm does
 * for both. Who is on the site asks, and is looked at then.
 */
const FIRST_LOOK = 30_000;

/** How often stock and prices of a cart are looked at, ms, and until how long after its last change. */
const WATCH_PERIOD = 3_600_000;
const WATCH_FOR = 14 * 86_400_000;

/** After this an emitted reminder that nobody claimed is emitted again, ms: queues deliver within seconds. */
const EMIT_AGAIN = 900_000;

/** How long a reminder may be on its way, its redrive from the dead letters included, ms. */
const PENDING_LIFE = 3 * 86_400_000;

/** Touches kept, ms: as long as the longest spacing. The same goods again later are another cart. */
const TOUCH_LIFE = 30 * 86_400_000;

export type Emission = {
  kind: "due" | "held_out";
  reminder_id: string;
  rule_id: string;
  channel: ReminderRule["channel"];
  cart_version: string;
  touch: number;
};

/** Why a reminder is not handed out. `not_due`: what the rule waited for is not the case any more. */
export type StopReason = GuardName | "unknown" | "no_rule" | "not_due";

export type Claim =
  | { kind: "send"; reminder: PendingReminder; rule: ReminderRule }
  | { kind: "later"; at: number; reason: GuardName }
  | { kind: "stop"; reason: StopReason };

/** After events were folded: a cart that is another one than before is looked at soon. */
export function noteCart(state: ReminderState, cart: Cart, now: number): ReminderState {
  const cart_version = versionOf(cart);
  if (cart_version === state.cart_version) return state;
  const look_at = cart_version === null ? null : now + FIRST_LOOK;
  return { ...state, cart_version, look_at, sold_out: [] };
}

/** The alarm: what is due is emitted, and the next look is set. */
export function wake(
  before: ReminderState,
  view: View,
  now: number,
  guards: GuardTable = GUARDS,
): { state: ReminderState; emitted: Emission[] } {
  const emitted: Emission[] = [];
  const state = forgetOld(before, now);
  const touches = [...state.touches];
  const looks: number[] = [];
  const cart_version = versionOf(view.cart);
  const pending = state.pending.map((each) => {
    const isStale = each.is_settled || each.cart_version !== cart_version;
    if (isStale || each.again_at > now) return each;
    emitted.push({ kind: "due", ...toEmission(each) });
    return { ...each, again_at: now + EMIT_AGAIN };
  });
  for (const rule of view.rules.rules) {
    if (cart_version === null) break;
    if (isWatching(rule) && now < (view.cart.changed_at ?? 0) + WATCH_FOR) {
      looks.push(now + WATCH_PERIOD);
    }
    const current = { ...state, pending, touches };
    const due = dueAt(rule, view, current);
    if (due === null) continue;
    if (due > now) {
      looks.push(due);
      continue;
    }
    const candidate = makeCandidate(rule, view, current, cart_version, now);
    if (pending.some((each) => isAboutSame(each, candidate))) continue;
    const found = findObjection({ view, state: current, candidate, now }, guards);
    if (found === null) {
      const made = toPending(candidate, now);
      pending.push(made);
      emitted.push({ kind: "due", ...toEmission(made) });
    } else if (found.guard === "hold_out") {
      // Counted as if it had been sent, so that the next one comes when it would have come.
      const made = toPending(candidate, now);
      touches.push(toTouch(made, now));
      emitted.push({ kind: "held_out", ...toEmission(made) });
      looks.push(now + FIRST_LOOK);
    } else if ("later" in found.objection) {
      looks.push(found.objection.later);
    }
  }
  const waiting = pending.filter((each) => !each.is_settled && each.cart_version === cart_version);
  looks.push(...waiting.map(({ again_at }) => again_at));
  const look_at = looks.length === 0 ? null : Math.max(now + 1, Math.min(...looks));
  const sold_out = listSoldOut(state, view);
  return { state: { ...state, cart_version, pending, touches, sold_out, look_at }, emitted };
}

/** Asked right before sending, and before each further try: everything is looked at anew. */
export function claim(
  state: ReminderState,
  reminder_id: string,
  view: View,
  now: number,
  guards: GuardTable = GUARDS,
): { state: ReminderState; claim: Claim } {
  const reminder = state.pending.find((each) => each.reminder_id === reminder_id);
  if (reminder === undefined) return { state, claim: { kind: "stop", reason: "unknown" } };
  const rule = view.rules.rules.find((each) => each.rule_id === reminder.rule_id);
  if (rule === undefined) return drop(state, reminder, "no_rule", now);
  // What this very reminder did at an earlier try is no objection to the next.
  const others = {
    ...state,
    touches: state.touches.filter((touch) => touch.reminder_id !== reminder_id),
  };
  const candidate = { ...reminder, rule };
  const found = findObjection({ view, state: others, candidate, now }, guards);
  if (found !== null) {
    const { guard, objection } = found;
    if ("never" in objection) return drop(state, reminder, guard, now);
    const later = objection.later;
    const dropped = drop(state, reminder, guard, now).state;
    return {
      state: { ...dropped, look_at: earliest(dropped.look_at, later) },
      claim: { kind: "later", at: later, reason: guard },
    };
  }
  const due = dueAt(rule, view, others);
  if (due === null || due > now) {
    const dropped = drop(state, reminder, "not_due", now);
    return {
      ...dropped,
      state: { ...dropped.state, look_at: earliest(dropped.state.look_at, due) },
    };
  }
  const claimed = { ...reminder, is_claimed: true };
  // The last try counts: that may be the one which arrived.
  const touches = [...others.touches, toTouch(reminder, now)];
  return {
    state: { ...state, touches, pending: replace(state.pending, claimed) },
    claim: { kind: "send", reminder: claimed, rule },
  };
}

/** The receiver has it. */
export function settle(state: ReminderState, reminder_id: string, now: number): ReminderState {
  const pending = state.pending.map((each) =>
    each.reminder_id === reminder_id ? { ...each, is_settled: true } : each,
  );
  // There may be a next touch.
  return { ...state, pending, look_at: earliest(state.look_at, now + FIRST_LOOK) };
}

/** What an anonymous shopper was told counts for the user whom they have become. */
export function absorbTouches(state: ReminderState, touches: readonly Touch[]): ReminderState {
  const known = new Set(state.touches.map(({ reminder_id }) => reminder_id));
  const news = touches.filter(({ reminder_id }) => !known.has(reminder_id));
  return news.length === 0 ? state : { ...state, touches: [...state.touches, ...news] };
}

/** A claimed one stays as a settled one does: its touch counts, and it is not tried again. */
function drop(state: ReminderState, reminder: PendingReminder, reason: StopReason, now: number) {
  const pending = reminder.is_claimed
    ? replace(state.pending, { ...reminder, is_settled: true })
    : state.pending.filter((each) => each !== reminder);
  const look_at = earliest(state.look_at, reason === "settled" ? null : now + FIRST_LOOK);
  return { state: { ...state, pending, look_at }, claim: { kind: "stop", reason } as const };
}

function makeCandidate(
  rule: ReminderRule,
  view: View,
  state: ReminderState,
  cart_version: string,
  now: number,
): Candidate {
  const touch = touchesOf(rule, view, state).length;
  const about = [view.shopper, rule.rule_id, cart_version, touch, now].join("\n");
  const reminder_id = `rem_${hashHex(about)}`;
  return { reminder_id, rule, cart_version, touch };
}

function isAboutSame(pending: PendingReminder, { rule, cart_version, touch }: Candidate): boolean {
  return (
    pending.rule_id === rule.rule_id &&
    pending.cart_version === cart_version &&
    pending.touch === touch
  );
}

function toPending({ rule, ...rest }: Candidate, now: number): PendingReminder {
  const { rule_id, channel } = rule;
  const times = { created_at: now, again_at: now + EMIT_AGAIN };
  return { ...rest, rule_id, channel, ...times, is_claimed: false, is_settled: false };
}

function toEmission(reminder: Omit<Emission, "kind">): Omit<Emission, "kind"> {
  const { reminder_id, rule_id, channel, cart_version, touch } = reminder;
  return { reminder_id, rule_id, channel, cart_version, touch };
}

function toTouch(reminder: PendingReminder, at: number): Touch {
  return { ...toEmission(reminder), at };
}

function forgetOld(state: ReminderState, now: number): ReminderState {
  const pending = state.pending.filter(({ created_at }) => created_at > now - PENDING_LIFE);
  const touches = state.touches.filter(({ at }) => at > now - TOUCH_LIFE);
  return { ...state, pending, touches };
}

/** What was sold out stays in the list until it was told, or the cart is another one. */
function listSoldOut(state: ReminderState, { cart, facts }: View): string[] {
  const out = cart.lines.filter(({ item_id }) => facts[item_id]?.for_sale === 0);
  return [...new Set([...state.sold_out, ...out.map(({ item_id }) => item_id)])];
}

function replace(pending: readonly PendingReminder[], by: PendingReminder): PendingReminder[] {
  return pending.map((each) => (each.reminder_id === by.reminder_id ? by : each));
}

function earliest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}
