// Time-ordered validation: learn from what was, be judged by the newest events. Pure.
import type { NextItemData, SessionSequence } from "../../models/next-item/data/dataset.ts";

/**
 * Of what the serving model has not seen, the newest half judges. The other half is what the challenger has ahead of
 * it: had it to be judged by all that is new, it would know nothing more, and no night could be better than the last.
 */
const FRESH_SHARE = 0.5;
/** Where nothing serves, or nothing is new: of everything. */
const SHARE = 0.3;
/** Events that judge at most: standard errors of HR@20 below a point, in a minute. */
const MAX_JUDGING = 5000;

export type TimeSplit = {
  train: NextItemData;
  /** Clicks of each item in train; shape [items]. */
  clicks: Int32Array;
  /** Events at or after this time judge, ms. */
  cut: number;
};

/** @param seen until when the model that serves has learned, ms; null for none */
export function splitByTime(data: NextItemData, seen: number | null): TimeSplit {
  const cut = chooseCut(data.sessions, seen);
  const sessions = data.sessions.filter(({ times }) => (times?.at(-1) ?? 0) < cut);
  const clicks = new Int32Array(data.items);
  for (const { items } of sessions)
    for (const item of items) clicks[item] = (clicks[item] ?? 0) + 1;
  return { train: { ...data, sessions }, clicks, cut };
}

function chooseCut(sessions: readonly SessionSequence[], seen: number | null): number {
  const times = sessions.flatMap(({ times }) => times ?? []).sort((a, b) => a - b);
  const fresh = seen === null ? [] : times.filter((time) => time > seen);
  const [from, share] = fresh.length > 0 ? [fresh, FRESH_SHARE] : [times, SHARE];
  const judging = Math.min(MAX_JUDGING, Math.ceil(from.length * share));
  return from[from.length - judging] ?? 0;
}
