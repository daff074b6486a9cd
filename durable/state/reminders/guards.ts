// Why a reminder is not sent. Each guard is one reason, asked when a reminder is emitted and again when it is handed out;
// a test switches each off and sees the simulation find the harm.
import { isHeldOut } from "./draw-share.ts";
import { endOfQuiet, isQuiet } from "./quiet-hours.ts";
import type { ReminderRule } from "./rules.ts";
import { versionOf, type ReminderState, type View } from "./state.ts";

const WEEK = 7 * 86_400_000;
const HOUR = 3_600_000;

/** What a reminder is about. */
export type Candidate = {
  reminder_id: string;
  rule: ReminderRule;
  cart_version: string;
  touch: number;
};

export type Check = {
  view: View;
  state: ReminderState;
  candidate: Candidate;
  now: number;
};

/** `never`: it is dropped. `later`: it may be sent from then on, ms. */
export type Objection = { never: true } | { later: number };

type Guard = (check: Check) => Objection | null;

const NEVER: Objection = { never: true };

export const GUARDS = {
  /** The cart was touched last by, or before, a purchase: on any device, also one that names other goods. */
  bought: ({ view: { bought_at, cart } }) =>
    bought_at !== null && (cart.changed_at ?? 0) <= bought_at ? NEVER : null,

  /** The cart is another one than the one that it speaks of. */
  changed: ({ view, candidate }) =>
    versionOf(view.cart) === candidate.cart_version ? null : NEVER,

  consent: ({ view, candidate }) => (isOffSite(candidate) && !view.marketing ? NEVER : null),

  hold_out: ({ view }) => (isHeldOut(view.shopper, view.rules.hold_out) ? NEVER : null),

  /** It has reached its receiver, and its message comes again. */
  settled: ({ state, candidate: { reminder_id } }) =>
    state.pending.some((each) => each.reminder_id === reminder_id && each.is_settled)
      ? NEVER
      : null,

  /** Handed out before, or another rule has spoken of this cart by this channel. */
  doubled: ({ state, candidate: { reminder_id, rule, cart_version } }) =>
    state.touches.some(
      (touch) =>
        touch.reminder_id === reminder_id ||
        (touch.cart_version === cart_version &&
          touch.channel === rule.channel &&
          touch.rule_id !== rule.rule_id),
    )
      ? NEVER
      : null,

  cap: ({ state, view, now }) => {
    const recent = state.touches.filter(({ at }) => at > now - WEEK);
    if (recent.length < view.rules.cap_per_week) return null;
    const oldest = Math.min(...recent.map(({ at }) => at));
    return { later: Math.max(oldest + WEEK, now + HOUR) };
  },

  quiet_hours: ({ view, candidate, now }) =>
    isOffSite(candidate) && isQuiet(now, view.rules)
      ? { later: endOfQuiet(now, view.rules) }
      : null,
} as const satisfies Record<string, Guard>;

export type GuardName = keyof typeof GUARDS;
export type GuardTable = Readonly<Record<GuardName, Guard>>;

/**
 * The first reason not to send, with its name: what forbids before what delays, and the hold-out last, so that those held
 * out are counted at the moment at which they would have been reminded.
 */
export function findObjection(
  check: Check,
  guards: GuardTable,
): { guard: GuardName; objection: Objection } | null {
  let waits: { guard: GuardName; objection: Objection } | null = null;
  for (const guard of GUARD_NAMES) {
    if (guard === "hold_out" && waits !== null) return waits;
    const objection = guards[guard](check);
    if (objection === null) continue;
    if ("never" in objection) return { guard, objection };
    waits ??= { guard, objection };
  }
  return waits;
}

export const GUARD_NAMES: readonly GuardName[] = [
  "bought",
  "changed",
  "consent",
  "settled",
  "doubled",
  "cap",
  "quiet_hours",
  "hold_out",
];

function isOffSite({ rule }: Candidate): boolean {
  return rule.channel !== "on_site";
}
