// When an object's one alarm rings: arithmetic only. Every duty says when it is due; the alarm takes the earliest.

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
