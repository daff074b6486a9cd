// The next-item model as a retrieval source: scores over its whole vocabulary and over the items that came after it,
// in the catalogue's numbers.
import { listBest } from "../../../models/evaluate/ranks.ts";
import { toVocabItem, type VocabItem } from "../../../models/next-item/data/vocab-item.ts";
import type { EncoderWord } from "../../../models/ranking/features/candidates.ts";
import type { ItemVectors } from "../../../models/next-item/network/item-vectors.ts";
import type {
  Answer,
  NextItemModel,
  Step,
} from "../../../models/next-item/serve/open-next-item.ts";
import { NO_ITEM, toCatalogItem, type CatalogItem } from "../../catalog/catalog-item.ts";
import type { Catalog } from "../../catalog/catalog.ts";
import { selectTop } from "../../catalog/top-k.ts";
import { ColdItems } from "./cold-items.ts";
import { MAX_PER_SOURCE } from "./pool.ts";
import type { Proposal } from "./pool.ts";
import { RecentAnswers } from "./recent-answers.ts";

/**
 * What a next-item model says, as log-probabilities. A cold item, one that came after the vocabulary, gets what it would
 * have if it were one of the vocabulary, and takes nothing from the others.
 */
export type ItemScores = {
  /** By vocabulary index. */
  scores: Float32Array;
  /** Indices of the best of them, best first. */
  best: Int32Array;
  cold: Float32Array;
  /** Whose scores `cold` are. */
  coldItems: readonly CatalogItem[];
};

/** Of the vocabulary alone. */
type KnownScores = Pick<ItemScores, "best"> & Answer;

const NO_SCORES = new Float32Array(0);
const NONE = -1;
/** As far as the best are listed: more than are proposed for a page, since filters take some away. */
const DEPTH = MAX_PER_SOURCE;

/** A model that was opened with the catalogue's numbers, -1 for what the isolate had no room for. */
export class NextItemSource {
  readonly model: NextItemModel;
  /** Index of each catalogue number, the way back from the model's `numbers`. */
  readonly #indices: Int32Array;
  readonly #cold: ColdItems | null;
  readonly #recent: RecentAnswers<KnownScores>;

  constructor(model: NextItemModel, catalog: Catalog, minorUnits: number) {
    this.model = model;
    this.#indices = invert(model.numbers, catalog.size);
    this.#recent = new RecentAnswers(model.numbers.length);
    const isKnown = (item: CatalogItem) => this.knows(item);
    this.#cold =
      model.content === null ? null : new ColdItems(catalog, model.content, isKnown, minorUnits);
  }

  /** Looks at the whole catalogue for items that the model does not know, a part at a time. */
  async catchUp(yieldToRequests: () => Promise<void>): Promise<void> {
    await this.#cold?.catchUp(yieldToRequests);
  }

  /** Whether an item is in the model's vocabulary. */
  knows(item: CatalogItem): boolean {
    return this.#indexOf(item) !== NONE;
  }

  /** The index of an item, NONE where it is not in the vocabulary: items that came later are not. */
  #indexOf(item: CatalogItem): VocabItem {
    return toVocabItem(this.#indices[item] ?? NONE);
  }

  /** Each once, in order, of those that are in the vocabulary. */
  #indicesOf(items: readonly CatalogItem[]): Int32Array {
    const indices = new Set<number>(items.map((item) => this.#indexOf(item)));
    indices.delete(NONE);
    return Int32Array.from(indices).sort();
  }

  /** What the model says after these steps (catalogue numbers); null where it knows none of them. */
  async answer(contextItems: readonly Step<CatalogItem>[]): Promise<ItemScores | null> {
    const known: Step[] = [];
    for (const step of contextItems) {
      const item = this.#indexOf(step.item);
      if (item !== NONE) known.push({ item, type: step.type, at: step.at });
    }
    if (known.length === 0) return null;
    const { scores, best, state, total } = await this.#recent.get(known, () =>
      this.#askModel(known),
    );
    if (this.#cold === null || state === null) {
      return { scores, best, cold: NO_SCORES, coldItems: [] };
    }
    const cold = this.#cold.score(state, this.model.scale).map((score) => score - total);
    // The ring goes on turning while others are asked.
    return { scores, best, cold, coldItems: this.#cold.items.slice() };
  }

  async #askModel(steps: readonly Step[]): Promise<KnownScores> {
    const answer = await this.model.score(steps);
    const best = new Int32Array(Math.min(DEPTH, answer.scores.length));
    listBest(answer.scores, best);
    // One score that is no number spoils all probabilities. No order can be made of such; the caller goes on without.
    if (!Number.isFinite(answer.scores[best[0] ?? NONE])) {
      throw new Error("the next-item model gave scores that are no numbers");
    }
    return { ...answer, best };
  }

  /** @param among where it is known which items alone can be accepted, these, and perhaps others */
  propose(
    answer: ItemScores,
    most: number,
    accept: (item: CatalogItem) => boolean,
    among: (() => readonly CatalogItem[]) | null = null,
  ): Proposal {
    return { source: "next_item", ...this.#rank(answer, most, accept, among) };
  }

  /** What a ranking model reads of an answer. */
  wordOf(answer: ItemScores): EncoderWord<CatalogItem> {
    const { scores, cold, coldItems } = answer;
    const indexes = new Map(coldItems.map((item, index) => [item, index]));
    return {
      listBest: (into) => {
        const { items } = this.#rank(answer, into.length, () => true);
        into.fill(NONE).set(items.slice(0, into.length));
      },
      scoreOf: (item) =>
        scores[this.#indexOf(item)] ?? cold[indexes.get(item) ?? NONE] ?? -Infinity,
    };
  }

  /** The best of the vocabulary and the cold items together, in catalogue numbers. */
  #rank(
    { scores, best, cold, coldItems }: ItemScores,
    most: number,
    accept: (item: CatalogItem) => boolean,
    among: (() => readonly CatalogItem[]) | null = null,
  ): Ranked {
    const { numbers } = this.model;
    const accepts = (index: number) => {
      const item = toCatalogItem(numbers[index] ?? NONE);
      return item !== NONE && accept(item);
    };
    let known = listFirst(best, most, accepts);
    // Filters took away so much that what stands further down has its turn.
    if (known.length < most && best.length < scores.length) {
      known =
        among === null
          ? [...selectTop(scores, scores.length, most, accepts).indexes]
          : selectAmong(scores, this.#indicesOf(among()), most, accepts);
    }
    const own = {
      items: known.map((index) => numbers[index] ?? NONE),
      scores: known.map((index) => scores[index] ?? 0),
    };
    if (cold.length === 0) return own;
    const fresh = selectTop(cold, cold.length, most, (position) =>
      accept(coldItems[position] ?? NO_ITEM),
    );
    return mergeBest(own, {
      items: Array.from(fresh.indexes, (position) => coldItems[position] ?? NONE),
      scores: fresh.scores,
    });
  }

  /** Vectors by catalogue number, of cold items by their content; null where the version has none. */
  readVectors(): ItemVectors<CatalogItem> | null {
    const { vectors } = this.model;
    if (vectors === null) return null;
    return {
      dim: vectors.dim,
      read: (item, out) => {
        const index = this.#indexOf(item);
        if (index !== NONE) return vectors.read(index, out);
        if (this.#cold?.readVector(item, out) !== true) out.fill(0);
      },
    };
  }
}

/** The index of each of `size` numbers in a list that holds each once, or NONE. */
function invert(numbers: Int32Array, size: number): Int32Array {
  const indexes = new Int32Array(size).fill(NONE);
  numbers.forEach((number, index) => {
    if (number >= 0) indexes[number] = index;
  });
  return indexes;
}

/** The first `most` of a list that are accepted. */
function listFirst(list: Int32Array, most: number, accepts: (index: number) => boolean): number[] {
  const first: number[] = [];
  for (let position = 0; position < list.length && first.length < most; position++) {
    const index = list[position] ?? NONE;
    if (accepts(index)) first.push(index);
  }
  return first;
}

/** The best `most` of these indices that are accepted. */
function selectAmong(
  scores: Float32Array,
  indices: Int32Array,
  most: number,
  accepts: (index: number) => boolean,
): number[] {
  const own = Float32Array.from(indices, (index) => scores[index] ?? -Infinity);
  const top = selectTop(own, own.length, most, (position) => accepts(indices[position] ?? NONE));
  return Array.from(top.indexes, (position) => indices[position] ?? NONE);
}

type Ranked = { items: readonly number[]; scores: ArrayLike<number> };

/** Two lists, each best first, as one; ties by item. */
function mergeBest(a: Ranked, b: Ranked): Ranked {
  const items: number[] = [];
  const scores: number[] = [];
  for (let [i, j] = [0, 0]; i < a.items.length || j < b.items.length;) {
    const [left, right] = [a.scores[i] ?? -Infinity, b.scores[j] ?? -Infinity];
    const takesLeft =
      j >= b.items.length ||
      (i < a.items.length &&
        (left > right || (left === right && (a.items[i] ?? 0) < (b.items[j] ?? 0))));
    const [from, index] = takesLeft ? [a, i++] : [b, j++];
    items.push(from.items[index] ?? -1);
    scores.push(from.scores[index] ?? 0);
  }
  return { items, scores };
}
