// Negative samples for the softmax, half from what the batch itself wants next (so popular items come often),
// half from all items alike; and how often each item is to be expected among them.
import type { Random } from "../../graph/random.ts";
import type { SessionSequence } from "../data/dataset.ts";
import type { PackedRows } from "../data/packing.ts";
import { UNREACHABLE } from "../network/pointer.ts";
import { chanceOf } from "./recency.ts";

export type NegativeSampler = {
  /** Fills `out` with item indices; the first `batchNegatives` come from `targets` (-1: empty slot). */
  sample(random: Random, targets: Int32Array, out: Int32Array): void;
  /**
   * Writes what is added to each negative's logit, [slots, negatives]: minus log of its expected count (the logQ
   * correction), or `UNREACHABLE` where it happens to be the target, which would be punished for being right, or,
   * with `pointed`, an item of the session so far, which is the pointer's to judge.
   */
  bias(rows: PackedRows, negatives: Int32Array, out: Float32Array, pointed: boolean): void;
  /** log of the expected number of times that each item is among the negatives, [items]. */
  readonly logExpected: Float32Array;
};

/** An item never seen as a target still has an expected count: half of one click's. */
const UNSEEN_CLICKS = 0.5;

export function createNegativeSampler(
  clicks: Float64Array,
  counts: { batchNegatives: number; uniformNegatives: number },
): NegativeSampler {
  const items = clicks.length;
  const { batchNegatives, uniformNegatives } = counts;
  const total = clicks.reduce((sum, n) => sum + n, 0);
  const logExpected = Float32Array.from(clicks, (n) =>
    Math.log((batchNegatives * Math.max(n, UNSEEN_CLICKS)) / total + uniformNegatives / items),
  );
  return {
    logExpected,
    bias({ item, target, position }, negatives, out, pointed) {
      const row = Float32Array.from(negatives, (item) => -(logExpected[item] ?? 0));
      const indexes = indexesOf(negatives);
      const silence = (from: number, known: number) => {
        for (const index of indexes.get(known) ?? []) out[from + index] = UNREACHABLE;
      };
      for (const [slot, wanted] of target.entries()) {
        const from = slot * row.length;
        out.set(row, from);
        if (wanted < 0) continue;
        silence(from, wanted);
        const start = pointed ? slot - (position[slot] ?? 0) : slot + 1;
        for (let seen = start; seen <= slot; seen++) silence(from, item[seen] ?? -1);
      }
    },
    sample(random, targets, out) {
      const real = targets.filter((item) => item >= 0);
      for (let i = 0; i < out.length; i++) {
        out[i] = i < batchNegatives ? (real[random.int(real.length)] ?? 0) : random.int(items);
      }
    },
  };
}

function indexesOf(items: Int32Array): Map<number, number[]> {
  const indexes = new Map<number, number[]>();
  for (const [index, item] of items.entries()) {
    const known = indexes.get(item);
    if (known) known.push(index);
    else indexes.set(item, [index]);
  }
  return indexes;
}

/** Clicks on each item, [items]; with `recency` those that an epoch shows, on average. */
export function countClicks(
  sessions: readonly SessionSequence[],
  items: number,
  recency = 0,
): Float64Array {
  const clicks = new Float64Array(items);
  for (const [index, session] of sessions.entries()) {
    const chance = chanceOf(index, sessions.length, recency);
    for (const item of session.items) clicks[item] = (clicks[item] ?? 0) + chance;
  }
  return clicks;
}
