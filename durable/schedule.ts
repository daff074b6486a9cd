// When an object's one alarm rings: arithmetic only. Every duty says when it is due; the alarm takes the earliest.
import type { ShopperMemory } from "./shopper-memory.ts";

/** A queue message is in the log within seconds; half a minute later the object looks whether it was, ms. */
export const FIRST_CHECK_DELAY = 30_000;

/** Waiting longer than this between two tries would leave the log behind for no gain, ms. */
export const MAX_RETRY_DELAY = 3_600_000;

export function firstCheckAt(now: number): number {
  return now + FIRST_CHECK_DELAY;
}

/** When to try again after `attempts` tries: each wait is twice the one before. */
export function nextTryAt(now: number, attempts: number): number {
  return now + Math.min(FIRST_CHECK_DELAY * 2 ** Math.min(attempts, 16), MAX_RETRY_DELAY);
}

/** Days without a visit after which a visitor's object is forgotten, where the shop says nothing. */
const DEFAULT_IDLE_DAYS = 180;
const DAY = 86_400_000;

/** @returns ms; the default where the setting is no number of days above 0 */
export function readIdlePeriod({ IDLE_DAYS }: { IDLE_DAYS?: string }): number {
  const days = Number(IDLE_DAYS);
  return (IDLE_DAYS && days > 0 ? days : DEFAULT_IDLE_DAYS) * DAY;
}

/**
 * Null for what stays: a user's object, one that points to a user, and one whose events are not in the log yet.
 *
 * @param period ms without an arrival
 * @returns ms
 */
export function expiresAt(memory: ShopperMemory, period: number): number | null {
  const { store, isAnonymous, link, consent } = memory;
  if (store === null || !isAnonymous || link !== null) return null;
  const last = store.readLastArrival() ?? consent?.at ?? null;
  return last === null ? null : last + period;
}
