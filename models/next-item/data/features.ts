// What a model knows of an event besides its item: its type and the time since the event before it.
import type { SessionSequence } from "./dataset.ts";

/** Which of them a model takes, fixed when it is trained. */
export type EventFeatures = {
  /** Number of event types, or 0 where the model does not take them. */
  types: number;
  gaps: boolean;
};

/**
 * Share of training rows whose types and gaps are hidden: enough to learn to do without them, as a caller may have
 * only items, and little enough not to miss them in the others.
 */
export const FEATURES_HIDDEN = 0.1;

/** Gaps are told apart by powers of two of a second; the last bucket starts at 2^14 s = 4.5 hours. */
export const GAP_BUCKETS = 16;

/** Bucket of the time since the event before; 0 for a session's first event, -1 where times are unknown. */
export function gapAt({ times }: SessionSequence, event: number): number {
  const at = times?.[event];
  if (at === undefined) return -1;
  const before = times?.[event - 1];
  if (before === undefined) return 0;
  const seconds = Math.max(0, at - before) / 1000;
  return Math.min(GAP_BUCKETS - 1, 1 + Math.floor(Math.log2(seconds + 1)));
}

/** The features that every one of the sessions has. */
export function commonFeatures(
  sessions: readonly SessionSequence[],
  types: number | undefined,
): EventFeatures {
  return {
    types: types !== undefined && sessions.every((session) => session.types) ? types : 0,
    gaps: sessions.length > 0 && sessions.every((session) => session.times),
  };
}
