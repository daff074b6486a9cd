// Makes sets of models that rank together. A set is made once, however many ask for it; what it learns from the live
// index goes on for as long as somebody needs it.
import type { RankingModel } from "../../models/ranking/serve/open-ranking.ts";
import type { NextItemModel } from "../../models/next-item/serve/open-next-item.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { LiveIndex } from "../live/live-index.ts";
import type { ModelSet } from "../recommend/rank/model-set.ts";
import { NextItemSource } from "../recommend/retrieve/next-item.ts";
import { findIncompatibility, RankingStage } from "../recommend/rank/ranking-stage.ts";

/** Of the live index, the sources that a ranking model has too, by the names that they have there. */
const SHARED = { sessionKnn: "vmis-knn", coVisitation: "co-visitation-after" } as const;

/** `incompatibility`: why the ranking model takes no part in the set, or null. */
export type Made = { set: ModelSet; incompatibility: string | null };

/** One look of the watch: `make` each set that is wanted, `share` the one that serves, `keep` these and no other. */
export class SetMaker {
  readonly #catalog: Catalog;
  readonly #live: LiveIndex;
  /** Minor units in one unit of the shop's currency. */
  readonly #minorUnits: number;
  readonly #yieldToRequests: () => Promise<void>;
  readonly #sources = new Map<NextItemModel, NextItemSource>();
  readonly #sets = new Set<ModelSet>();
  /** The stage whose sources the isolate's other lists use too. */
  #shared: RankingStage | null = null;

  /** @param yieldToRequests lets requests have their turn while a new stage learns */
  constructor(
    { catalog, live }: { catalog: Catalog; live: LiveIndex },
    minorUnits: number,
    yieldToRequests: () => Promise<void>,
  ) {
    this.#catalog = catalog;
    this.#live = live;
    this.#minorUnits = minorUnits;
    this.#yieldToRequests = yieldToRequests;
  }

  /** With a ranking model it may take seconds: the stage learns first. */
  async make(model: NextItemModel | null, ranking: RankingModel | null): Promise<Made> {
    const nextItem = await this.#sourceOf(model);
    const incompatibility =
      ranking === null ? null : findIncompatibility(ranking, model?.version ?? null);
    const alone = () => this.#find(nextItem, null) ?? this.#add({ nextItem, ranking: null });
    if (ranking === null || nextItem === null || incompatibility !== null)
      return { set: alone(), incompatibility };
    const known = this.#find(nextItem, ranking);
    if (known !== null) return { set: known, incompatibility };
    const opened = await RankingStage.open(ranking, nextItem, {
      catalog: this.#catalog,
      live: this.#live,
      peer: this.#shared?.reader ?? null,
      yieldToRequests: this.#yieldToRequests,
    });
    if (!opened.ok) return { set: alone(), incompatibility: opened.reason };
    // In the same breath, so that no click falls between what it has learned and what it will hear of.
    this.#live.follow(opened.value.reader.learners);
    return { set: this.#add({ nextItem, ranking: opened.value }), incompatibility };
  }

  /** Lets the isolate's other lists use the sources of this set, so that it does not hold the like twice. */
  share({ ranking }: ModelSet): void {
    const sessionKnn = ranking?.retriever(SHARED.sessionKnn);
    const coVisitation = ranking?.retriever(SHARED.coVisitation);
    if (ranking === null || !sessionKnn || !coVisitation || ranking === this.#shared) return;
    this.#live.share({ sessionKnn, coVisitation });
    this.#shared = ranking;
  }

  /** Forgets all other sets. */
  keep(sets: ReadonlySet<ModelSet>): void {
    for (const set of this.#sets) {
      if (!sets.has(set)) this.#sets.delete(set);
    }
    const stages = [...sets].flatMap(({ ranking }) => ranking ?? []);
    if (this.#shared !== null) stages.push(this.#shared);
    this.#live.followOnly(new Set(stages.flatMap(({ reader }) => reader.learners)));
    const used = new Set([...sets].map(({ nextItem }) => nextItem));
    for (const [model, source] of this.#sources) {
      if (!used.has(source)) this.#sources.delete(model);
    }
  }

  async #sourceOf(model: NextItemModel | null): Promise<NextItemSource | null> {
    if (model === null) return null;
    const known = this.#sources.get(model);
    if (known !== undefined) return known;
    const source = new NextItemSource(model, this.#catalog, this.#minorUnits);
    this.#sources.set(model, source);
    await source.catchUp(this.#yieldToRequests);
    return source;
  }

  #find(nextItem: NextItemSource | null, ranking: RankingModel | null): ModelSet | null {
    const isIt = (set: ModelSet) =>
      set.nextItem === nextItem && (set.ranking?.model ?? null) === ranking;
    return [...this.#sets].find(isIt) ?? null;
  }

  #add(set: ModelSet): ModelSet {
    this.#sets.add(set);
    return set;
  }
}
