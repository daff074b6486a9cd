// The second stage: a learned model puts the candidates of a request in order. It holds the sources that its features
// are read from; what is read here is what it was trained on, by the same code.
import { accept, refuse } from "../../../durable/state/result.ts";
import type { Result } from "../../../durable/state/result.ts";
import { readShopper } from "../../../durable/state/features.ts";
import type { CandidateItem } from "../../../durable/state/features.ts";
import { emptyShopper } from "../../../durable/state/shopper.ts";
import type { ScoringRetriever } from "../../../models/baselines/retriever.ts";
import type { EncoderWord } from "../../../models/ranking/features/candidates.ts";
import type { ListReader } from "../../../models/ranking/features/list-reader.ts";
import type { RankingModel } from "../../../models/ranking/serve/open-ranking.ts";
import { areFinite } from "../../../models/registry/finite.ts";
import type { Catalog } from "../../catalog/catalog.ts";
import { toCatalogItem, type CatalogItem } from "../../catalog/catalog-item.ts";
import { toClickedItem, type ClickedItem, type ClickedItems } from "../../live/clicked-items.ts";
import type { ShopperContext } from "../context.ts";
import { groupFeatures } from "../feature-groups.ts";
import type { FeatureGroup } from "../feature-groups.ts";
import { combineHeads, listWanted } from "./heads.ts";
import type { HeadWeights } from "../surfaces.ts";
import type { ItemScores, NextItemSource } from "../retrieve/next-item.ts";
import { openReader } from "./stage-reader.ts";
import type { ReaderDeps } from "./stage-reader.ts";

/** Of a next-item model that knows none of the session. */
const SILENT: EncoderWord = { listBest: (into) => void into.fill(-1), scoreOf: () => -Infinity };

/** One list of candidates with its features, ready to be scored as often as wanted. */
export type RankingQuestion = {
  /** Numbers of the items: those that the model's own sources proposed, then the others; [count] */
  items: Int32Array;
  /** [count, width]; its own copy, since requests overlap. */
  features: Float32Array;
  /** Whether the shopper is known to have a price level. */
  hasPriceLevel: boolean;
};

export class RankingStage {
  readonly model: RankingModel;
  readonly reader: ListReader<ClickedItem>;
  readonly #catalog: Catalog;
  /** By their numbers the reader speaks of items. */
  readonly #clicked: ClickedItems;
  readonly nextItem: NextItemSource;
  readonly #groups: readonly FeatureGroup[];
  /** What the shopper's features read of an item; filled anew for each. */
  readonly #item: CandidateItem = { item_id: "", price: null, category: null, brand: null };

  private constructor(
    model: RankingModel,
    reader: ListReader<ClickedItem>,
    nextItem: NextItemSource,
    catalog: Catalog,
    clicked: ClickedItems,
  ) {
    this.model = model;
    this.reader = reader;
    this.nextItem = nextItem;
    this.#catalog = catalog;
    this.#clicked = clicked;
    this.#groups = groupFeatures(model.sources);
  }

  /**
   * For models that belong together (see `findIncompatibility`). Learns from the buffered clicks, a part at a time, and
   * has learned from the last when it answers; what a peer has learned alike is shared with it. The reason is a sentence.
   */
  static async open(
    model: RankingModel,
    nextItem: NextItemSource,
    deps: ReaderDeps & { catalog: Catalog },
  ): Promise<Result<RankingStage>> {
    const vectors = nextItem.readVectors();
    if (vectors === null) {
      return refuse(
        `Next-item model ${nextItem.model.version} has no vectors, which ranking model ${model.version} reads.`,
      );
    }
    const reader = await openReader(model, vectors, deps);
    return accept(new RankingStage(model, reader, nextItem, deps.catalog, deps.live.clicked));
  }

  /** Retrievers by name, so that the isolate's other lists may use them too. */
  retriever(name: string): ScoringRetriever | undefined {
    return this.reader.retrievers.find((each) => each.name === name);
  }

  /** Whether the model can know anything of an item: it was clicked, or the encoder was trained on it. */
  knows(item: CatalogItem): boolean {
    return (
      this.reader.statistics.isKnown(this.#clicked.numberOf(item)) || this.nextItem.knows(item)
    );
  }

  /**
   * Reads the candidates for a context whose session has at least one step: the model's own, then `extras`.
   *
   * @param answer what the next-item model says after the session; null where it knows none of it
   * @param ablated groups of features that the shop has switched off
   */
  read(
    context: ShopperContext,
    answer: ItemScores | null,
    extras: readonly CatalogItem[],
    ablated: ReadonlySet<FeatureGroup>,
  ): RankingQuestion {
    const clicked = this.#clicked;
    const toNumber = (item: CatalogItem) => clicked.numberOf(item);
    const session = context.session.map(({ item }) => toNumber(item));
    const word = answer === null ? SILENT : renumber(this.nextItem.wordOf(answer), clicked);
    const reading = readShopper(context.state ?? emptyShopper(), context.session.at(-1)?.at ?? 0);
    const shopper = {
      reading,
      itemOf: (number: ClickedItem) => this.#describe(clicked.itemOf(number)),
    };
    const { list, features } = this.reader.read({ session, shopper }, [word], extras.map(toNumber));
    const own = features.slice(0, list.count * this.reader.width);
    const items = list.items
      .slice(0, list.count)
      .map((number) => clicked.itemOf(toClickedItem(number)));
    for (const group of ablated) this.#ablate(own, group);
    return { items, features: own, hasPriceLevel: reading.meanPriceLevel !== null };
  }

  /**
   * A score for each item of the question, higher is better.
   *
   * @param without a group of features that is to say nothing
   */
  async score(
    { items, features }: RankingQuestion,
    heads: HeadWeights,
    without: FeatureGroup | null = null,
  ): Promise<Float32Array> {
    const rows = without === null ? features : features.slice();
    if (without !== null) this.#ablate(rows, without);
    const answer = await this.model.rank(rows, items.length, listWanted(heads));
    const scores = combineHeads(answer, heads);
    // No order can be made of such; the caller goes on without the model.
    if (!areFinite(scores)) throw new Error("the ranking model gave scores that are no numbers");
    return scores;
  }

  /** Sets a group to what it is on average. */
  #ablate(features: Float32Array, group: FeatureGroup): void {
    const { width } = this.reader;
    const { featureMeans } = this.model;
    for (const [column, each] of this.#groups.entries()) {
      if (each !== group) continue;
      const mean = featureMeans[column] ?? 0;
      for (let at = column; at < features.length; at += width) features[at] = mean;
    }
  }

  /** Groups that the model has. */
  get groups(): FeatureGroup[] {
    return [...new Set(this.#groups)];
  }

  #describe(item: CatalogItem): CandidateItem {
    const catalog = this.#catalog;
    const price = catalog.price[item] ?? -1;
    const into = this.#item;
    into.item_id = catalog.ids[item] ?? "";
    into.price = price < 0 ? null : price;
    into.category = catalog.categories.texts[catalog.category[item] ?? -1] ?? null;
    into.brand = catalog.brands.texts[catalog.brand[item] ?? -1] ?? null;
    return into;
  }
}

/** A word on catalogue numbers as one on the numbers of clicked items. */
function renumber(word: EncoderWord<CatalogItem>, clicked: ClickedItems): EncoderWord<ClickedItem> {
  return {
    listBest(into) {
      word.listBest(into);
      for (const [index, item] of into.entries()) {
        if (item >= 0) into[index] = clicked.numberOf(toCatalogItem(item));
      }
    },
    scoreOf: (number) => word.scoreOf(clicked.itemOf(number)),
  };
}

/** Why a ranking model does not belong beside this version of the next-item model, or null. */
export function findIncompatibility(model: RankingModel, serving: string | null): string | null {
  const [wanted, ...more] = model.nextItemVersions;
  if (more.length > 0) {
    return `Ranking model ${model.version} reads ${more.length + 1} next-item models; this Worker serves one.`;
  }
  if (wanted === serving && serving !== null) return null;
  return `Ranking model ${model.version} reads next-item model ${wanted ?? "(unnamed)"}, and ${serving ?? "none"} serves; until both are promoted the blend answers.`;
}
