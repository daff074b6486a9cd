// How close a candidate's vector is to those of the session's last items.
import type { ItemVectors } from "./item-vectors.ts";

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
/** Anchors that are compared at a time; a divisor of REACH. */
const LANES = 3;

/** Writes the features of similarity into a matrix. Keeps its buffers between calls. */
export class SimilarityFeatures {
  readonly #vectors: ItemVectors;
  /** Of the last items of the session, the last one first; [REACH, dim]. */
  readonly #anchors: Float32Array;
  readonly #vector: Float32Array;
  /** Of one candidate with each anchor, [REACH]. */
  readonly #cosines = new Float64Array(REACH);

  constructor(vectors: ItemVectors) {
    this.#vectors = vectors;
    this.#anchors = new Float32Array(REACH * vectors.dim);
    this.#vector = new Float32Array(vectors.dim);
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
      this.#vectors.read(anchor, this.#anchors, back * dim);
    }
    for (let place = 0; place < count; place++) {
      const item = items[place] ?? 0;
      const to = place * width + at;
      out.fill(0, to, to + SIMILARITY_FEATURES.length);
      this.#vectors.read(item, this.#vector, 0);
      compare(this.#vector, this.#anchors, dim, anchors.length, cosines);
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
 * Inner products of a vector with the first `count` anchors [REACH, dim]. Three sums at a time: each is a chain of
 * additions in one order, and the chains do not wait for each other.
 */
function compare(
  vector: Float32Array,
  anchors: Float32Array,
  dim: number,
  count: number,
  cosines: Float64Array,
): void {
  for (let first = 0; first < count; first += LANES) {
    const from = first * dim;
    let [a, b, c] = [0, 0, 0];
    for (let d = 0; d < dim; d++) {
      const x = vector[d] ?? 0;
      const place = from + d;
      a += x * (anchors[place] ?? 0);
      b += x * (anchors[place + dim] ?? 0);
      c += x * (anchors[place + 2 * dim] ?? 0);
    }
    cosines[first] = a;
    cosines[first + 1] = b;
    cosines[first + 2] = c;
  }
}
