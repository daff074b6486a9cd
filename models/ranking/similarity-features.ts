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

/** Writes the features of similarity into a matrix. Keeps its buffers between calls. */
export class SimilarityFeatures {
  readonly #vectors: ItemVectors;
  /** Of the last items of the session, the last one first; [REACH, dim]. */
  readonly #anchors: Float32Array;
  readonly #vector: Float32Array;

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
    const anchors = session.slice(-REACH).toReversed();
    for (const [back, anchor] of anchors.entries()) {
      this.#vectors.read(anchor, this.#anchors, back * dim);
    }
    for (let place = 0; place < count; place++) {
      const item = items[place] ?? 0;
      const to = place * width + at;
      out.fill(0, to, to + SIMILARITY_FEATURES.length);
      this.#vectors.read(item, this.#vector, 0);
      let nearest = -1;
      for (let back = 0; back < anchors.length; back++) {
        const cosine = dot(this.#vector, this.#anchors, back * dim, dim);
        if (back < NAMED) out[to + back] = cosine;
        // The item itself says nothing of nearness.
        if (anchors[back] !== item && cosine > nearest) nearest = cosine;
      }
      out[to + NAMED] = nearest;
    }
  }
}

function dot(vector: Float32Array, anchors: Float32Array, at: number, dim: number): number {
  let sum = 0;
  for (let d = 0; d < dim; d++) sum += (vector[d] ?? 0) * (anchors[at + d] ?? 0);
  return sum;
}
