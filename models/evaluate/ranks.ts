// Places of items in one dense row of scores.

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

/** Writes the `into.length` best items, best first and ties by index; places without a proposed item hold -1. */
export function listBest(row: Float32Array, into: Int32Array): void {
  into.fill(-1);
  const scores = new Float32Array(into.length).fill(-Infinity);
  const last = into.length - 1;
  let worst = -Infinity;
  for (let item = 0; item < row.length; item++) {
    const score = row[item] ?? NaN;
    if (!(score > worst)) continue;
    let place = last;
    for (; place > 0 && (scores[place - 1] ?? NaN) < score; place--) {
      scores[place] = scores[place - 1] ?? NaN;
      into[place] = into[place - 1] ?? -1;
    }
    scores[place] = score;
    into[place] = item;
    worst = scores[last] ?? NaN;
  }
}
