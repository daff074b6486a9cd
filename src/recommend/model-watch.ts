// Which models an isolate serves. It follows the registry's pointers; a version that will not do is refused with a
// reason, and the one before goes on serving. A ranking model serves only beside the next-item model that it reads.
import type { RankingModel } from "../../models/ranking/open-ranking.ts";
import type { NextItemModel } from "../../models/registry/open-next-item.ts";
import type { SlotState } from "../../models/registry/slot.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { LiveIndex } from "./live-index.ts";
import { NO_MODELS } from "./model-set.ts";
import type { ModelSet } from "./model-set.ts";
import { NextItemSource } from "./next-item.ts";
import { findMisfit, RankingStage } from "./ranking-stage.ts";

/** Follows the pointer of one task. */
export type Slot<T> = {
  readonly serving: T | null;
  readonly state: SlotState;
  refresh(): Promise<void>;
};

export type ModelSlots = { nextItem: Slot<NextItemModel>; ranking: Slot<RankingModel> };

/** Of the live index, the sources that a ranking model has too, by the names that they have there. */
const SHARED = { sessionKnn: "vmis-knn", coVisitation: "co-visitation-after" } as const;

export class ModelWatch {
  readonly #slots: ModelSlots;
  readonly #catalog: Catalog;
  readonly #live: LiveIndex;
  /** Minor units in one unit of the shop's currency. */
  readonly #minorUnits: number;
  readonly #giveWay: () => Promise<void>;
  #champion = NO_MODELS;
  /** The last stage that served. It goes on learning, and the isolate's lists use its sources. */
  #stage: RankingStage | null = null;
  /** Why the ranking model that is loaded does not put lists in order, or null. */
  #misfit: string | null = null;

  /** @param giveWay lets requests have their turn while a new stage learns */
  constructor(
    slots: ModelSlots,
    { catalog, live }: { catalog: Catalog; live: LiveIndex },
    minorUnits: number,
    giveWay: () => Promise<void> = () => Promise.resolve(),
  ) {
    this.#slots = slots;
    this.#catalog = catalog;
    this.#live = live;
    this.#minorUnits = minorUnits;
    this.#giveWay = giveWay;
  }

  /** What answers. The same object as long as nothing was swapped. */
  get champion(): ModelSet {
    return this.#champion;
  }

  get state(): SlotState {
    return this.#slots.nextItem.state;
  }

  /** A ranking model that is loaded but fits no next-item model here counts as refused for the time being. */
  get rankingState(): SlotState {
    const { wanted, refused, serving } = this.#slots.ranking.state;
    const stage = this.#champion.ranking?.model.version ?? null;
    if (this.#misfit === null || serving === null) return { wanted, refused, serving: stage };
    return {
      wanted,
      serving: stage,
      refused: [...refused, { version: serving, reason: this.#misfit }],
    };
  }

  async refresh(): Promise<void> {
    // One after the other: what was swapped out is let go at the next look, when no request can be running it.
    await this.#slots.nextItem.refresh();
    await this.#slots.ranking.refresh();
    const nextItem = this.#keepNextItem(this.#slots.nextItem.serving);
    // A new next-item model answers at once; a ranking model that fits it may take a while to learn.
    const { ranking } = this.#champion;
    const fits = ranking?.model === this.#slots.ranking.serving && ranking?.nextItem === nextItem;
    if (this.#champion.nextItem !== nextItem || !fits) this.#champion = { nextItem, ranking: null };
    if (fits) return;
    const stage = await this.#openStage(this.#slots.ranking.serving, nextItem);
    if (stage !== null) this.#champion = { nextItem, ranking: stage };
  }

  #keepNextItem(model: NextItemModel | null): NextItemSource | null {
    if (model === null) return null;
    const { nextItem } = this.#champion;
    if (nextItem?.model === model) return nextItem;
    return new NextItemSource(model, this.#catalog, this.#minorUnits);
  }

  async #openStage(
    model: RankingModel | null,
    nextItem: NextItemSource | null,
  ): Promise<RankingStage | null> {
    this.#misfit = model === null ? null : findMisfit(model, nextItem);
    if (model === null || nextItem === null || this.#misfit !== null) return null;
    const opened = await RankingStage.open(
      model,
      nextItem,
      this.#catalog,
      this.#live.tape,
      this.#giveWay,
    );
    if (!opened.ok) {
      this.#misfit = opened.reason;
      return null;
    }
    const { stage } = opened;
    this.#live.follow(stage.reader);
    const sessionKnn = stage.retriever(SHARED.sessionKnn);
    const coVisitation = stage.retriever(SHARED.coVisitation);
    if (sessionKnn && coVisitation) this.#live.share({ sessionKnn, coVisitation });
    if (this.#stage !== null) this.#live.unfollow(this.#stage.reader);
    this.#stage = stage;
    return stage;
  }
}
