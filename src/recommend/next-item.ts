// The next-item model as a retrieval source: scores over its whole vocabulary, in the catalogue's numbers.
import type { Catalog } from "../catalog/catalog.ts";
import { MAX_PER_SOURCE } from "./pool.ts";
import type { Proposal } from "./pool.ts";
import { selectTop } from "../catalog/top-k.ts";

/** A served version of the model. It must not know the catalogue. */
export interface NextItemModel {
  readonly version: string;
  /** Item ids; the place in this list is the index that the model speaks of. */
  readonly vocabulary: readonly string[];
  /** One score for each item of the vocabulary, for a context of indices, oldest first. Higher is better. */
  score(context: readonly number[]): Promise<Float32Array>;
}

/** A model with its vocabulary brought into the catalogue's numbers. */
export class NextItemSource {
  readonly model: NextItemModel;
  /** Catalogue number of each index, -1 where the isolate had no room; and the way back. */
  readonly #numbers: Int32Array;
  readonly #indices = new Map<number, number>();

  constructor(model: NextItemModel, catalog: Catalog) {
    this.model = model;
    this.#numbers = Int32Array.from(model.vocabulary, (id) => catalog.intern(id));
    this.#numbers.forEach((item, index) => this.#indices.set(item, index));
  }

  /** null where the model knows no item of the trail. Items of the trail may be proposed again. */
  async propose(
    trail: readonly number[],
    accept: (item: number) => boolean,
  ): Promise<Proposal | null> {
    const context: number[] = [];
    for (const item of trail) {
      const index = this.#indices.get(item);
      if (index !== undefined) context.push(index);
    }
    if (context.length === 0) return null;
    const scores = await this.model.score(context);
    const numbers = this.#numbers;
    const top = selectTop(scores, numbers.length, MAX_PER_SOURCE, (index) =>
      accept(numbers[index] ?? -1),
    );
    return {
      source: "next_item",
      items: top.places.map((index) => numbers[index] ?? -1),
      scores: top.scores,
    };
  }
}
