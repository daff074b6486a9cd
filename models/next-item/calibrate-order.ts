// Calibration, second step: how loudly the pointer speaks is chosen by where the next item comes to stand (NDCG@20), since
// sure repeats rule the likelihood while a list is judged by its order. The catalogue's own order never changes.
import { listBest } from "../evaluate/ranks.ts";
import type { Calibration } from "./serving-graph.ts";

/** What comes after the first places is no hit. */
const CUTOFF = 20;
/** Steepness and offset of the pointer's logits that are tried; beyond these it always, or never, has its way. */
const SLOPES = [0, 0.1, 0.2, 0.35, 0.53, 0.75, 1];
const SHIFTS = Array.from({ length: 37 }, (_, step) => -6 + step / 2);

/** All that the rank of one example's target depends on; scores and logits are raw. */
export type Placing = {
  /** Of the best `CUTOFF` items outside the session, best first. */
  outside: Float32Array;
  /** Of each item of the session, the logits of the events that hold it. */
  inside: readonly (readonly number[])[];
  /** Which of `inside` came next, or -1; then `own` is its score and `ahead` counts the outside items no worse. */
  target: number;
  own: number;
  ahead: number;
};

/** `from`, with the pointer's numbers under which NDCG@20 is best; of equals the first tried, `from` before all. */
export function fitOrder(examples: readonly Placing[], from: Calibration): Calibration {
  let best = { calibration: from, gain: meanGain(examples, from) };
  for (const pointerSlope of SLOPES) {
    for (const pointerShift of SHIFTS) {
      const calibration = { ...from, pointerSlope, pointerShift };
      const gain = meanGain(examples, calibration);
      if (gain > best.gain) best = { calibration, gain };
    }
  }
  return best.calibration;
}

/** @param scores raw, of all items; `pointers`: raw logits of the events that hold `items` */
export function readPlacing(
  scores: Float32Array,
  pointers: readonly number[],
  items: readonly number[],
  target: number,
): Placing {
  const distinct = [...new Set(items)];
  const inside = distinct.map((item) => pointers.filter((_, event) => items[event] === item));
  const others = scores.slice();
  // The target among the others would stand in its own way.
  for (const item of [...distinct, target]) others[item] = -Infinity;
  const own = scores[target] ?? NaN;
  let ahead = 0;
  for (const score of others) if (score >= own) ahead++;
  const best = new Int32Array(CUTOFF);
  listBest(others, best);
  const outside = Float32Array.from(best, (item) => others[item] ?? -Infinity);
  return { outside, inside, target: distinct.indexOf(target), own, ahead };
}

/** Of NDCG@20: with one right answer the ideal is 1. */
function meanGain(examples: readonly Placing[], calibration: Calibration): number {
  let total = 0;
  for (const example of examples) {
    const rank = rankUnder(example, calibration);
    if (rank <= CUTOFF) total += 1 / Math.log2(1 + rank);
  }
  return total / examples.length;
}

/** Exact up to the cutoff. From 1; among equals the target comes last. */
export function rankUnder(
  { outside, inside, target, own, ahead }: Placing,
  { catalogue, pointerSlope, pointerShift }: Calibration,
): number {
  const strengths = inside.map((logits) => {
    let mass = 0;
    for (const logit of logits) mass += Math.exp(pointerSlope * logit + pointerShift);
    return Math.log(mass);
  });
  const strength = strengths[target] ?? catalogue * own;
  const isAhead = (other: number) => other >= strength;
  const among = strengths.filter((other, place) => place !== target && isAhead(other)).length;
  const beyond = target < 0 ? ahead : outside.filter((score) => isAhead(catalogue * score)).length;
  return 1 + among + beyond;
}
