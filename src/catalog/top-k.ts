// The best k of many scores, without sorting them all: a binary min-heap of the best so far.

/** Places and scores, best first; ties by the smaller place. */
export type Top = { places: Int32Array; scores: Float64Array };

/**
 * Scans `scores[0 .. length)`. `accept` is asked only about those that would make it into the best k, so a
 * costly filter costs little.
 */
export function selectTop(
  scores: ArrayLike<number>,
  length: number,
  k: number,
  accept: (place: number) => boolean,
): Top {
  const places = new Int32Array(k);
  const values = new Float64Array(k);
  let size = 0;

  /** True where entry a is worse than entry b. */
  const isWorse = (scoreA: number, placeA: number, scoreB: number, placeB: number) =>
    scoreA < scoreB || (scoreA === scoreB && placeA > placeB);

  function sink(from: number, score: number, place: number, end: number): void {
    let hole = from;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= end) break;
      if (child + 1 < end && isWorseAt(child + 1, child)) child += 1;
      if (!isWorse(values[child] ?? 0, places[child] ?? 0, score, place)) break;
      values[hole] = values[child] ?? 0;
      places[hole] = places[child] ?? 0;
      hole = child;
    }
    values[hole] = score;
    places[hole] = place;
  }

  const isWorseAt = (a: number, b: number) =>
    isWorse(values[a] ?? 0, places[a] ?? 0, values[b] ?? 0, places[b] ?? 0);

  function rise(from: number, score: number, place: number): void {
    let hole = from;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!isWorse(score, place, values[parent] ?? 0, places[parent] ?? 0)) break;
      values[hole] = values[parent] ?? 0;
      places[hole] = places[parent] ?? 0;
      hole = parent;
    }
    values[hole] = score;
    places[hole] = place;
  }

  let threshold = Number.NEGATIVE_INFINITY;
  for (let place = 0; place < length; place++) {
    const score = scores[place] ?? Number.NaN;
    // Places come in rising order, so an equal score never displaces one that is in. NaN fails the comparison too.
    if (!(score > threshold) || k === 0) continue;
    if (!accept(place)) continue;
    if (size < k) {
      rise(size, score, place);
      size += 1;
    } else sink(0, score, place, size);
    if (size === k) threshold = values[0] ?? threshold;
  }
  for (let end = size - 1; end > 0; end--) {
    const score = values[end] ?? 0;
    const place = places[end] ?? 0;
    values[end] = values[0] ?? 0;
    places[end] = places[0] ?? 0;
    sink(0, score, place, end);
  }
  return { places: places.subarray(0, size), scores: values.subarray(0, size) };
}
