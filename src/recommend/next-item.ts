// The next-item model as a retrieval source: scores over its whole vocabulary and over the items that came after it,
// in the catalogue's numbers.
import { contentVector } from "../../models/next-item/content.ts";
import { toLogProbabilities } from "../../models/ranking/candidates.ts";
import { halfVectors } from "../../models/ranking/item-vectors.ts";
import type { ItemVectors } from "../../models/ranking/item-vectors.ts";
import type { Answer, NextItemModel, Step } from "../../models/registry/open-next-item.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { selectTop } from "../catalog/top-k.ts";
import { ColdItems, describeContent } from "./cold-items.ts";
import { MAX_PER_SOURCE } from "./pool.ts";
import type { Proposal } from "./pool.ts";

/** A model with its vocabulary brought into the catalogue's numbers. */
export class NextItemSource {
  readonly model: NextItemModel;
  readonly #catalog: Catalog;
  readonly #minorUnits: number;
  /** Catalogue number of each index, -1 where the isolate had no room; and the way back. */
  readonly #numbers: Int32Array;
  readonly #indices = new Map<number, number>();
  readonly #cold: ColdItems | null;
  /** Log-probabilities by catalogue number; reused. */
  #row = new Float32Array(0);

  constructor(model: NextItemModel, catalog: Catalog, minorUnits: number) {
    this.model = model;
    this.#catalog = catalog;
    this.#minorUnits = minorUnits;
    this.#numbers = Int32Array.from(model.vocabulary, (id) => catalog.intern(id));
    this.#numbers.forEach((item, index) => this.#indices.set(item, index));
    const isKnown = (item: number) => this.knows(item);
    this.#cold =
      model.content === null ? null : new ColdItems(catalog, model.content, isKnown, minorUnits);
  }

  /** Whether an item is in the model's vocabulary. */
  knows(item: number): boolean {
    return this.#indices.has(item);
  }

  /** What the model says after these steps (catalogue numbers); null where it knows none of them. */
  async answer(trail: readonly Step[]): Promise<Answer | null> {
    const known: Step[] = [];
    for (const step of trail) {
      const item = this.#indices.get(step.item);
      if (item !== undefined) known.push({ item, type: step.type, at: step.at });
    }
    return known.length === 0 ? null : await this.model.score(known);
  }

  propose({ scores, state }: Answer, accept: (item: number) => boolean): Proposal {
    const numbers = this.#numbers;
    const top = selectTop(scores, numbers.length, MAX_PER_SOURCE, (index) =>
      accept(numbers[index] ?? -1),
    );
    const items = Array.from(top.places, (index) => numbers[index] ?? -1);
    const proposal: Proposal = { source: "next_item", items, scores: top.scores };
    return this.#cold === null || state === null
      ? proposal
      : mergeCold(proposal, this.#cold, state, this.model.scale);
  }

  /**
   * Log-probabilities by catalogue number, -Infinity for what the model knows nothing of; reused by the next call. A
   * cold item gets what it would have if it were one of the vocabulary, and takes nothing from the others.
   */
  readRow({ scores, state }: Answer): Float32Array {
    if (this.#row.length < this.#catalog.size) this.#row = new Float32Array(this.#catalog.size);
    const row = this.#row.fill(-Infinity);
    const own = scores.slice();
    const shift = toLogProbabilities(own, () => true);
    for (let index = 0; index < own.length; index++) {
      const item = this.#numbers[index] ?? -1;
      if (item !== -1) row[item] = own[index] ?? -Infinity;
    }
    if (this.#cold !== null && state !== null) {
      this.#cold.score(state, this.model.scale).forEach((score, place) => {
        row[this.#cold?.items[place] ?? -1] = score - shift;
      });
    }
    return row;
  }

  /** Vectors by catalogue number, of cold items by their content; null where the version has none. */
  readVectors(): ItemVectors | null {
    const { vectors, content } = this.model;
    if (vectors === null) return null;
    const { dim } = vectors;
    const known = halfVectors(vectors.halves, dim);
    return {
      dim,
      read: (item, out, at) => {
        const index = this.#indices.get(item);
        if (index !== undefined) return known.read(index, out, at);
        const vector =
          content === null
            ? null
            : contentVector(content, describeContent(this.#catalog, item, this.#minorUnits));
        if (vector === null) out.fill(0, at, at + dim);
        else out.set(vector, at);
      },
    };
  }
}

/** Puts cold items in their places among the others; without any, the proposal stays as it is. */
function mergeCold(
  proposal: Proposal,
  cold: ColdItems,
  state: Float32Array,
  scale: number,
): Proposal {
  const coldScores = cold.score(state, scale);
  if (coldScores.length === 0) return proposal;
  const merged = Array.from(proposal.items, (item, i) => ({
    item,
    score: proposal.scores[i] ?? 0,
  }));
  coldScores.forEach((score, i) => merged.push({ item: cold.items[i] ?? -1, score }));
  merged.sort((a, b) => b.score - a.score || a.item - b.item);
  return {
    source: "next_item",
    items: merged.map(({ item }) => item),
    scores: merged.map(({ score }) => score),
  };
}
