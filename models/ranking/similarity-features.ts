// How close a candidate's vector is to those of the session's last items.

export const SIMILARITY_FEATURES = [
  "cosine_to_last",
  "cosine_to_second_last",
  "cosine_to_third_last",
  "cosine_to_nearest",
] as const;

/** Items back from the last that "nearest" looks at. */
const REACH = 6;
/** Of them, those with a feature of their own. */
const NAMED = 3;

/** Unit vectors of items, [items, dim]. */
export type ItemVectors = { dim: number; rows: Float32Array };

/** Writes SIMILARITY_FEATURES of each candidate into `out` [count, width] from column `at` on; 0 where there is no such item. */
export function writeSimilarity(
  { dim, rows }: ItemVectors,
  session: readonly number[],
  items: Int32Array,
  count: number,
  out: Float32Array,
  width: number,
  at: number,
): void {
  const anchors = session.slice(-REACH).toReversed();
  for (let place = 0; place < count; place++) {
    const item = items[place] ?? 0;
    const to = place * width + at;
    out.fill(0, to, to + SIMILARITY_FEATURES.length);
    let nearest = -1;
    for (const [back, anchor] of anchors.entries()) {
      const cosine = dot(rows, item * dim, anchor * dim, dim);
      if (back < NAMED) out[to + back] = cosine;
      // The item itself says nothing of nearness.
      if (anchor !== item && cosine > nearest) nearest = cosine;
    }
    out[to + NAMED] = nearest;
  }
}

function dot(rows: Float32Array, a: number, b: number, dim: number): number {
  let sum = 0;
  for (let d = 0; d < dim; d++) sum += (rows[a + d] ?? 0) * (rows[b + d] ?? 0);
  return sum;
}
