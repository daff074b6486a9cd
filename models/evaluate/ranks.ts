// Ranks of items in one dense row of scores.
import { argsortDescending } from "./descending-key.ts";

/**
 * The target's rank from 1, ties counted against us: among equals it comes last. A score that is not a number
 * counts as better than the target's, and a target whose own score is none comes last of all.
 */
export function rankOfTarget(row: Float32Array, target: number): number {
  const score = row[target] ?? Number.NaN;
  let below = 0;
  // What is below is counted, instead of what is at or above, so that NaN counts against us.
  for (let item = 0; item < row.length; item++) if ((row[item] ?? Number.NaN) < score) below++;
  return row.length - below;
}

/** Stretches that a row is cut into, for each item that is wanted: with more the bound is closer, and found later. */
const STRETCHES = 2;

/** Writes the `into.length` best items, best first and ties by index; ranks without a proposed item hold -1. */
export function listBest(row: Float32Array, into: Int32Array): void {
  into.fill(-1);
  const bound = boundBest(row, into.length);
  const above: number[] = [];
  const equal: number[] = [];
  const { length } = row;
  for (let item = 0; item < length; item++) {
    const score = row[item] ?? NaN;
    if (!(score >= bound) || score === -Infinity) continue;
    if (score > bound) above.push(item);
    else if (equal.length < into.length) equal.push(item);
  }
  const scores = new Float32Array(above.length);
  for (let index = 0; index < scores.length; index++) scores[index] = row[above[index] ?? 0] ?? NaN;
  const order = argsortDescending(scores);
  const count = Math.min(into.length, order.length);
  for (let rank = 0; rank < count; rank++) into[rank] = above[order[rank] ?? 0] ?? -1;
  into.set(equal.slice(0, into.length - count), count);
}

/**
 * A score that at least `count` items reach, and not many more: so many stretches of the row have an item that does.
 * -Infinity where there are not as many.
 */
function boundBest(row: Float32Array, count: number): number {
  const length = Math.max(1, Math.ceil(row.length / (STRETCHES * count)));
  const largest = new Float32Array(Math.ceil(row.length / length)).fill(-Infinity);
  for (let stretch = 0, item = 0; stretch < largest.length; stretch++) {
    let most = -Infinity;
    for (const end = Math.min(row.length, item + length); item < end; item++) {
      const score = row[item] ?? NaN;
      if (score > most) most = score;
    }
    largest[stretch] = most;
  }
  return largest.sort()[largest.length - count] ?? -Infinity;
}
