// The next-item model as a retrieval source: scores over its whole vocabulary, in the catalogue's numbers.
import type { Catalog } from "../catalog/catalog.ts";
import type { NextItemModel, Step } from "../../models/registry/open-next-item.ts";
import { MAX_PER_SOURCE } from "./pool.ts";
import type { Proposal } from "./pool.ts";
import { selectTop } from "../catalog/top-k.ts";

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

  /** `trail`: steps with catalogue numbers. null where the model knows no item of the trail. Items of the trail may be proposed again. */
  async propose(
    trail: readonly Step[],
    accept: (item: number) => boolean,
  ): Promise<Proposal | null> {
    const known: Step[] = [];
    for (const step of trail) {
      const item = this.#indices.get(step.item);
      if (item !== undefined) known.push({ ...step, item });
    }
    if (known.length === 0) return null;
    const scores = await this.model.score(known);
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
