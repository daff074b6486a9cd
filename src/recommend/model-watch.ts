// Which models an isolate serves. It follows the registry's pointers; a version that will not do is refused with a
// reason, and the one before goes on serving.
import type { SlotState } from "../../models/registry/slot.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { NextItemModel } from "../../models/registry/open-next-item.ts";
import { NO_MODELS } from "./model-set.ts";
import type { ModelSet } from "./model-set.ts";
import { NextItemSource } from "./next-item.ts";

/** Follows the pointer of one task. */
export type Slot<T> = {
  readonly serving: T | null;
  readonly state: SlotState;
  refresh(): Promise<void>;
};

export class ModelWatch {
  readonly #slot: Slot<NextItemModel>;
  readonly #catalog: Catalog;
  /** Minor units in one unit of the shop's currency. */
  readonly #minorUnits: number;
  #champion = NO_MODELS;

  constructor(slot: Slot<NextItemModel>, catalog: Catalog, minorUnits: number) {
    this.#minorUnits = minorUnits;
    this.#slot = slot;
    this.#catalog = catalog;
  }

  /** What answers. The same object as long as nothing was swapped. */
  get champion(): ModelSet {
    return this.#champion;
  }

  get state(): SlotState {
    return this.#slot.state;
  }

  async refresh(): Promise<void> {
    await this.#slot.refresh();
    const model = this.#slot.serving;
    if (model === null) this.#champion = NO_MODELS;
    else if (this.#champion.nextItem?.model !== model) {
      const nextItem = new NextItemSource(model, this.#catalog, this.#minorUnits);
      this.#champion = { nextItem, ranking: null };
    }
  }
}
