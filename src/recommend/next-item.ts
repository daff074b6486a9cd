// The next-item model as a retrieval source: scores over its whole vocabulary and over the items that came after it,
// in the catalogue's numbers.
import { logTotal } from "../../models/ranking/candidates.ts";
import { halfVectors } from "../../models/ranking/item-vectors.ts";
import type { ItemVectors } from "../../models/ranking/item-vectors.ts";
import { areFinite } from "../../models/registry/finite.ts";
import type { NextItemModel, Step } from "../../models/registry/open-next-item.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { selectTop } from "../catalog/top-k.ts";
import { ColdItems } from "./cold-items.ts";
import { MAX_PER_SOURCE } from "./pool.ts";
import type { Proposal } from "./pool.ts";

/** A next-item model's scores: by vocabulary index, and of the items that came after it. */
export type ItemScores = {
  scores: Float32Array;
  cold: Float32Array;
  /** Whose scores `cold` are. */
  coldItems: readonly number[];
};

const NO_SCORES = new Float32Array(0);
const NONE = -1;

/** A model with its vocabulary brought into the catalogue's numbers. */
export class NextItemSource {
  readonly model: NextItemModel;
  readonly #catalog: Catalog;
  /** Catalogue number of each index, -1 where the isolate had no room; and the way back. */
  readonly #numbers: Int32Array;
  readonly #indices: Int32Array;
  readonly #cold: ColdItems | null;
  /** Log-probabilities by catalogue number; reused. */
  #row = new Float32Array(0);

  constructor(model: NextItemModel, catalog: Catalog, minorUnits: number) {
    this.model = model;
    this.#catalog = catalog;
    this.#numbers = Int32Array.from(model.vocabulary, (id) => catalog.intern(id));
    this.#indices = invert(this.#numbers, catalog.size);
    const isKnown = (item: number) => this.knows(item);
    this.#cold =
      model.content === null ? null : new ColdItems(catalog, model.content, isKnown, minorUnits);
  }

  /** Looks at the whole catalogue for items that the model does not know, a part at a time. */
  async catchUp(giveWay: () => Promise<void>): Promise<void> {
    await this.#cold?.catchUp(giveWay);
  }

  /** Whether an item is in the model's vocabulary. */
  knows(item: number): boolean {
    return this.#indexOf(item) !== NONE;
  }

  /** The index of an item, NONE where it is not in the vocabulary: items that came later are not. */
  #indexOf(item: number): number {
    return this.#indices[item] ?? NONE;
  }

  /** What the model says after these steps (catalogue numbers); null where it knows none of them. */
  async answer(trail: readonly Step[]): Promise<ItemScores | null> {
    const known: Step[] = [];
    for (const step of trail) {
      const item = this.#indexOf(step.item);
      if (item !== NONE) known.push({ item, type: step.type, at: step.at });
    }
    if (known.length === 0) return null;
    const { scores, state } = await this.model.score(known);
    // No order can be made of such; the caller goes on without the model.
    if (!areFinite(scores)) throw new Error("the next-item model gave scores that are no numbers");
    if (this.#cold === null || state === null) return { scores, cold: NO_SCORES, coldItems: [] };
    const cold = this.#cold.score(state, this.model.scale);
    // The ring goes on turning while others are asked.
    return { scores, cold, coldItems: this.#cold.items.slice() };
  }

  propose({ scores, cold, coldItems }: ItemScores, accept: (item: number) => boolean): Proposal {
    const numbers = this.#numbers;
    const known = selectTop(scores, numbers.length, MAX_PER_SOURCE, (index) =>
      accept(numbers[index] ?? -1),
    );
    const items = Array.from(known.places, (index) => numbers[index] ?? -1);
    const fresh = selectTop(cold, cold.length, MAX_PER_SOURCE, (place) =>
      accept(coldItems[place] ?? -1),
    );
    const freshItems = Array.from(fresh.places, (place) => coldItems[place] ?? -1);
    return mergeBest({ items, scores: known.scores }, { items: freshItems, scores: fresh.scores });
  }

  /**
   * Log-probabilities by catalogue number, -Infinity for what the model knows nothing of; reused by the next call. A
   * cold item gets what it would have if it were one of the vocabulary, and takes nothing from the others.
   */
  readRow({ scores, cold, coldItems }: ItemScores): Float32Array {
    if (this.#row.length < this.#catalog.size) this.#row = new Float32Array(this.#catalog.size);
    const row = this.#row.fill(-Infinity);
    const numbers = this.#numbers;
    const shift = logTotal(scores);
    for (let index = 0; index < scores.length; index++) {
      const item = numbers[index] ?? -1;
      if (item !== -1) row[item] = (scores[index] ?? 0) - shift;
    }
    for (let place = 0; place < cold.length; place++) {
      row[coldItems[place] ?? -1] = (cold[place] ?? 0) - shift;
    }
    return row;
  }

  /** Vectors by catalogue number, of cold items by their content; null where the version has none. */
  readVectors(): ItemVectors | null {
    const { vectors } = this.model;
    if (vectors === null) return null;
    const { dim } = vectors;
    const known = halfVectors(vectors.halves, dim);
    return {
      dim,
      read: (item, out) => {
        const index = this.#indexOf(item);
        if (index !== NONE) return known.read(index, out);
        if (this.#cold?.readVector(item, out) !== true) out.fill(0);
      },
    };
  }
}

/** The place of each of `size` numbers in a list that holds each once, or NONE. */
function invert(numbers: Int32Array, size: number): Int32Array {
  const places = new Int32Array(size).fill(NONE);
  numbers.forEach((number, place) => {
    if (number >= 0) places[number] = place;
  });
  return places;
}

type Ranked = { items: readonly number[]; scores: ArrayLike<number> };

/** Two lists, each best first, as one; ties by item. */
function mergeBest(a: Ranked, b: Ranked): Proposal {
  const items: number[] = [];
  const scores: number[] = [];
  for (let [i, j] = [0, 0]; i < a.items.length || j < b.items.length;) {
    const [left, right] = [a.scores[i] ?? -Infinity, b.scores[j] ?? -Infinity];
    const takesLeft =
      j >= b.items.length ||
      (i < a.items.length &&
        (left > right || (left === right && (a.items[i] ?? 0) < (b.items[j] ?? 0))));
    const [from, place] = takesLeft ? [a, i++] : [b, j++];
    items.push(from.items[place] ?? -1);
    scores.push(from.scores[place] ?? 0);
  }
  return { source: "next_item", items, scores };
}
