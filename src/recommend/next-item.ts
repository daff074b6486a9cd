// The next-item model as a retrieval source: scores over its whole vocabulary and over the items that came after it,
// in the catalogue's numbers.
import type { NextItemModel, Step } from "../../models/registry/open-next-item.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { selectTop } from "../catalog/top-k.ts";
import { ColdItems } from "./cold-items.ts";
import { MAX_PER_SOURCE } from "./pool.ts";
import type { Proposal } from "./pool.ts";

/** A model with its vocabulary brought into the catalogue's numbers. */
export class NextItemSource {
  readonly model: NextItemModel;
  /** Catalogue number of each index, -1 where the isolate had no room; and the way back. */
  readonly #numbers: Int32Array;
  readonly #indices = new Map<number, number>();
  readonly #cold: ColdItems | null;

  constructor(model: NextItemModel, catalog: Catalog, minorUnits: number) {
    this.model = model;
    this.#numbers = Int32Array.from(model.vocabulary, (id) => catalog.intern(id));
    this.#numbers.forEach((item, index) => this.#indices.set(item, index));
    const isKnown = (item: number) => this.#indices.has(item);
    this.#cold =
      model.content === null ? null : new ColdItems(catalog, model.content, isKnown, minorUnits);
  }

  /** `trail`: steps with catalogue numbers. null where the model knows none of them. */
  async propose(
    trail: readonly Step[],
    accept: (item: number) => boolean,
  ): Promise<Proposal | null> {
    const known: Step[] = [];
    for (const step of trail) {
      const item = this.#indices.get(step.item);
      if (item !== undefined) known.push({ item, type: step.type, at: step.at });
    }
    if (known.length === 0) return null;
    const { scores, state } = await this.model.score(known);
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
