// Calibration, second step: how loudly the pointer speaks is chosen by where the next item comes to stand (NDCG@20), since
// sure repeats rule the likelihood while a list is judged by its order. The catalogue's own order never changes.
import { listBest } from "../../evaluate/ranks.ts";
import type { Calibration } from "../network/serving-graph.ts";

/** What comes after the first ranks is no hit. */
const CUTOFF = 20;
/** Steepness and offset of the pointer's logits that are tried; beyond these it always, or never, dominates. */
const SLOPES = [0, 0.1, 0.2, 0.35, 0.53, 0.75, 1];
const SHIFTS = Array.from({ length: 37 }, (_, step) => -6 + step / 2);

/** All that the rank of one example's target depends on; scores and logits are raw. */
export type RankCase = {
  /** Of the best `CUTOFF` items outside the session, best first. */
  outside: Float32Array;
  /** Of each item of the session, the logits of the events that hold it. */
  inside: readonly (readonly number[])[];
  /** Which of `inside` came next, or -1; then `own` is its score. */
  target: number;
  own: number;
};

/** `from`, with the pointer's numbers under which NDCG@20 is best; of equals the first tried, `from` before all. */
export function fitOrder(examples: readonly RankCase[], from: Calibration): Calibration {
  const strengthsAt = (slope: number) => examples.map(({ inside }) => strengthsOf(inside, slope));
  let best = { calibration: from, gain: meanGain(examples, strengthsAt(from.pointerSlope), from) };
  for (const pointerSlope of SLOPES) {
    const strengths = strengthsAt(pointerSlope);
    for (const pointerShift of SHIFTS) {
      const calibration = { ...from, pointerSlope, pointerShift };
      const gain = meanGain(examples, strengths, calibration);
      if (gain > best.gain) best = { calibration, gain };
    }
  }
  return best.calibration;
}

/** @param scores raw, of all items; `pointers`: raw logits of the events that hold `items` */
export function readRankCase(
  scores: Float32Array,
  pointers: readonly number[],
  items: readonly number[],
  target: number,
): RankCase {
  const distinct = [...new Set(items)];
  const inside = distinct.map((item) => pointers.filter((_, event) => items[event] === item));
  // The target among the others would stand in its own way.
  const apart = new Set(items).add(target);
  const best = new Int32Array(CUTOFF + apart.size);
  listBest(scores, best);
  const others = best.filter((item) => !apart.has(item)).subarray(0, CUTOFF);
  const outside = Float32Array.from(others, (item) => scores[item] ?? -Infinity);
  return { outside, inside, target: distinct.indexOf(target), own: scores[target] ?? NaN };
}

/** Exact up to the cutoff. From 1; among equals the target comes last. */
export function rankUnder(rankCase: RankCase, calibration: Calibration): number {
  return rankAmong(rankCase, strengthsOf(rankCase.inside, calibration.pointerSlope), calibration);
}

/** Of NDCG@20: with one right answer the ideal is 1. `strengths` are those of each example's items at the slope. */
function meanGain(
  examples: readonly RankCase[],
  strengths: readonly Float64Array[],
  calibration: Calibration,
): number {
  let total = 0;
  for (let i = 0; i < examples.length; i++) {
    const [example, inside] = [examples[i], strengths[i]];
    if (!example || !inside) continue;
    const rank = rankAmong(example, inside, calibration);
    if (rank <= CUTOFF) total += 1 / Math.log2(1 + rank);
  }
  return total / examples.length;
}

/** The pointer's word for each item of a session, but for the shift, which all of them share. */
function strengthsOf(inside: RankCase["inside"], slope: number): Float64Array {
  return Float64Array.from(inside, (logits) => {
    let mass = 0;
    for (const logit of logits) mass += Math.exp(slope * logit);
    return Math.log(mass);
  });
}

/** @param strengths of the items inside, at the slope of the calibration */
function rankAmong(
  { outside, target, own }: RankCase,
  strengths: Float64Array,
  { catalogue, pointerShift }: Calibration,
): number {
  const isInside = target >= 0;
  const strength = isInside ? (strengths[target] ?? NaN) : catalogue * own - pointerShift;
  const score = isInside ? (strength + pointerShift) / catalogue : own;
  // A target inside counts itself, which makes the rank start from 1. What is below ends a count, so NaN is last.
  let rank = isInside ? 0 : 1;
  for (let i = 0; i < strengths.length; i++) if (!((strengths[i] ?? NaN) < strength)) rank++;
  // The best come first.
  for (let i = 0; i < outside.length && !((outside[i] ?? NaN) < score); i++) rank++;
  return rank;
}
