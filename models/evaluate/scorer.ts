// What can be judged on the next-item task: anything that scores the whole vocabulary for a context.

/** Scores all items for each context (item indices, oldest first). */
export interface Scorer {
  readonly name: string;
  /** One dense row of `items` scores for each context; a higher score is better. Rows may be reused by the next call. */
  score(contexts: readonly (readonly number[])[]): Promise<readonly Float32Array[]>;
}
