// When a visitor's object is forgotten: nobody has come back to it for a long time.
import type { ShopperMemory } from "./shopper-memory.ts";

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
