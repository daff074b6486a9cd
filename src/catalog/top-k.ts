// The best k of many scores, without sorting them all: a binary min-heap of the best so far.

/** Indexes and scores, best first; ties by the smaller index. */
export type Top = { indexes: Int32Array; scores: Float64Array };

/**
 * Scans `scores[0 .. length)`. `accept` is asked only about those that would make it into the best k, so a
 * costly filter costs little.
 */
export function selectTop(
  scores: ArrayLike<number>,
  length: number,
  k: number,
  accept: (index: number) => boolean,
): Top {
  const indexes = new Int32Array(k);
  const values = new Float64Array(k);
  let size = 0;

  /** True where entry a is worse than entry b. */
  const isWorse = (scoreA: number, indexA: number, scoreB: number, indexB: number) =>
    scoreA < scoreB || (scoreA === scoreB && indexA > indexB);

  function sink(from: number, score: number, index: number, end: number): void {
    let hole = from;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= end) break;
      if (child + 1 < end && isWorseAt(child + 1, child)) child += 1;
      if (!isWorse(values[child] ?? 0, indexes[child] ?? 0, score, index)) break;
      values[hole] = values[child] ?? 0;
      indexes[hole] = indexes[child] ?? 0;
      hole = child;
    }
    values[hole] = score;
    indexes[hole] = index;
  }

  const isWorseAt = (a: number, b: number) =>
    isWorse(values[a] ?? 0, indexes[a] ?? 0, values[b] ?? 0, indexes[b] ?? 0);

  function rise(from: number, score: number, index: number): void {
    let hole = from;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!isWorse(score, index, values[parent] ?? 0, indexes[parent] ?? 0)) break;
      values[hole] = values[parent] ?? 0;
      indexes[hole] = indexes[parent] ?? 0;
      hole = parent;
    }
    values[hole] = score;
    indexes[hole] = index;
  }

  let threshold = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < length; index++) {
    const score = scores[index] ?? Number.NaN;
    // Indexes come in rising order, so an equal score never displaces one that is in. NaN fails the comparison too.
    if (!(score > threshold) || k === 0) continue;
    if (!accept(index)) continue;
    if (size < k) {
      rise(size, score, index);
      size += 1;
    } else sink(0, score, index, size);
    if (size === k) threshold = values[0] ?? threshold;
  }
  for (let end = size - 1; end > 0; end--) {
    const score = values[end] ?? 0;
    const index = indexes[end] ?? 0;
    values[end] = values[0] ?? 0;
    indexes[end] = indexes[0] ?? 0;
    sink(0, score, index, end);
  }
  return { indexes: indexes.subarray(0, size), scores: values.subarray(0, size) };
}
