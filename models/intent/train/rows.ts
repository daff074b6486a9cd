// Examples of intent: what is read at an event, and what was true of it later.
import { HEADS } from "../config.ts";

/** One event. `labels` are [HEADS]: 1, 0, or -1 where nobody can know (yet) or the question does not arise. */
export type IntentRow = {
  features: Float32Array;
  labels: Int8Array;
  shopper: string;
  /** Number of its session. */
  session: number;
  /** When its session began, ms. */
  started_at: number;
  /** Whether it is the first add-to-cart of its session. */
  firstAdd: boolean;
};

export const UNKNOWN = -1;

/** Of one head alone, as tables without sessions have it. */
export function labelsOfBuys(buys: boolean): Int8Array {
  const labels = new Int8Array(HEADS.length).fill(UNKNOWN);
  labels[0] = Number(buys);
  return labels;
}

/** Rows of the earlier and the later sessions; a session is never on both sides. */
export function splitBySession(
  rows: readonly IntentRow[],
  laterShare: number,
): { earlier: IntentRow[]; later: IntentRow[]; cut: number } {
  const starts = new Map(rows.map(({ session, started_at }) => [session, started_at]));
  const sorted = [...starts.values()].sort((a, b) => a - b);
  const cut = sorted[Math.floor(sorted.length * (1 - laterShare))] ?? Infinity;
  return {
    earlier: rows.filter(({ started_at }) => started_at < cut),
    later: rows.filter(({ started_at }) => started_at >= cut),
    cut,
  };
}
