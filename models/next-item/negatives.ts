// Negative samples for the softmax, half from what the batch itself wants next (so popular items come often),
// half from all items alike; and how often each item is to be expected among them.
import type { Random } from "../graph/random.ts";
import type { SessionSequence } from "./dataset.ts";

export type NegativeSampler = {
  /** Fills `out` with item indices; the first `batchNegatives` come from `targets` (-1: empty slot). */
  sample(random: Random, targets: Int32Array, out: Int32Array): void;
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
    sample(random, targets, out) {
      const real = targets.filter((item) => item >= 0);
      for (let i = 0; i < out.length; i++) {
        out[i] = i < batchNegatives ? (real[random.int(real.length)] ?? 0) : random.int(items);
      }
    },
  };
}

/** Clicks on each item, [items]. */
export function countClicks(sessions: readonly SessionSequence[], items: number): Float64Array {
  const clicks = new Float64Array(items);
  for (const session of sessions) {
    for (const item of session.items) clicks[item] = (clicks[item] ?? 0) + 1;
  }
  return clicks;
}
