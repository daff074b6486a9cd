// How close a candidate's vector is to those of the session's last items.
import type { ItemVectors } from "../../next-item/network/item-vectors.ts";

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

/** Writes the features of similarity into a matrix. Keeps its buffers between calls. */
export class SimilarityFeatures {
  readonly #vectors: ItemVectors;
  /** Of the last items of the session, the last one first; [dim, REACH]. */
  readonly #anchors: Float64Array;
  readonly #vector: Float64Array;
  /** Of one candidate with each anchor, [REACH]. */
  readonly #cosines = new Float64Array(REACH);

  constructor(vectors: ItemVectors) {
    this.#vectors = vectors;
    this.#anchors = new Float64Array(vectors.dim * REACH);
    this.#vector = new Float64Array(vectors.dim);
  }

  /** Writes SIMILARITY_FEATURES of each candidate into `out` [count, width] from column `at` on; 0 where there is no such item. */
  write(
    session: readonly number[],
    items: Int32Array,
    count: number,
    out: Float32Array,
    width: number,
    at: number,
  ): void {
    const { dim } = this.#vectors;
    const cosines = this.#cosines;
    const anchors = session.slice(-REACH).toReversed();
    for (const [back, anchor] of anchors.entries()) {
      this.#vectors.read(anchor, this.#vector);
      for (let d = 0; d < dim; d++) this.#anchors[d * REACH + back] = this.#vector[d] ?? 0;
    }
    for (let index = 0; index < count; index++) {
      const item = items[index] ?? 0;
      const to = index * width + at;
      out.fill(0, to, to + SIMILARITY_FEATURES.length);
      this.#vectors.read(item, this.#vector);
      compare(this.#vector, this.#anchors, cosines);
      let nearest = -1;
      for (let back = 0; back < anchors.length; back++) {
        const cosine = cosines[back] ?? 0;
        if (back < NAMED) out[to + back] = cosine;
        // The item itself says nothing of nearness.
        if (anchors[back] !== item && cosine > nearest) nearest = cosine;
      }
      out[to + NAMED] = nearest;
    }
  }
}

/**
 * Inner products of a vector with anchors [dim, REACH], all in one go: each sum is a chain of additions in one order,
 * and the chains do not wait for each other.
 */
function compare(vector: Float64Array, anchors: Float64Array, cosines: Float64Array): void {
  let [a, b, c, d, e, f] = [0, 0, 0, 0, 0, 0];
  let at = 0;
  for (let index = 0; index < vector.length; index++) {
    const x = vector[index] ?? 0;
    a += x * (anchors[at] ?? 0);
    b += x * (anchors[at + 1] ?? 0);
    c += x * (anchors[at + 2] ?? 0);
    d += x * (anchors[at + 3] ?? 0);
    e += x * (anchors[at + 4] ?? 0);
    f += x * (anchors[at + 5] ?? 0);
    at += REACH;
  }
  cosines[0] = a;
  cosines[1] = b;
  cosines[2] = c;
  cosines[3] = d;
  cosines[4] = e;
  cosines[5] = f;
}
