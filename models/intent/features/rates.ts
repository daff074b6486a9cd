// How often items and categories are put into the cart and bought: counted along the log, shipped with the model. Read
// before the event that it is read for is counted, so no row knows its own outcome.
import * as z from "zod";
import type { ShopEvent } from "../../../durable/state/event.ts";

/** Views, adds and purchases. */
const Counts = z.tuple([z.number(), z.number(), z.number()]);
type Counts = z.infer<typeof Counts>;

export const RateTable = z.object({
  all: Counts,
  items: z.record(z.string(), Counts),
  categories: z.record(z.string(), Counts),
});
export type RateTable = z.infer<typeof RateTable>;

/** Of views that lead to an add, of views and of adds that lead to a purchase; and views. */
export type Rates = { add: number; buy: number; convert: number; views: number };

const KINDS: Partial<Record<ShopEvent["name"], 0 | 1 | 2>> = {
  view_item: 0,
  add_to_cart: 1,
  purchase: 2,
};

/** An item or category counts as much as this many views (adds) of the shop's mean, before anything is known of it. */
const PRIOR_VIEWS = 10;
const PRIOR_ADDS = 3;
/** What a shop's mean starts from: 1 in 50. */
const FIRST_VIEWS = 50;
/** Items that a model's file keeps, the most viewed: some 2 MB. */
const MAX_ITEMS = 50_000;

const NONE: Counts = [0, 0, 0];

export class RateBook {
  readonly #all: Counts = [0, 0, 0];
  readonly #items: Map<string, Counts>;
  readonly #categories: Map<string, Counts>;

  constructor({ all, items, categories }: RateTable = { all: NONE, items: {}, categories: {} }) {
    this.#all = [...all];
    this.#items = new Map(Object.entries(items));
    this.#categories = new Map(Object.entries(categories));
  }

  observe({ name, items }: ShopEvent): void {
    const kind = KINDS[name];
    if (kind === undefined) return;
    for (const { item_id, category } of items) {
      this.#all[kind]++;
      count(this.#items, item_id, kind);
      if (category !== null) count(this.#categories, category, kind);
    }
  }

  ofItem(item_id: string): Rates {
    return this.#rates(this.#items.get(item_id) ?? NONE);
  }

  ofCategory(category: string | null): Rates {
    return this.#rates((category === null ? undefined : this.#categories.get(category)) ?? NONE);
  }

  get table(): RateTable {
    const items = [...this.#items].sort(([, a], [, b]) => b[0] - a[0]).slice(0, MAX_ITEMS);
    return {
      all: this.#all,
      items: Object.fromEntries(items),
      categories: Object.fromEntries(this.#categories),
    };
  }

  #rates([views, adds, buys]: Counts): Rates {
    const [allViews, allAdds, allBuys] = this.#all;
    const add = (allAdds + 1) / (allViews + FIRST_VIEWS);
    const buy = (allBuys + 1) / (allViews + FIRST_VIEWS);
    const convert = (allBuys + 1) / (allAdds + 3);
    return {
      add: (adds + PRIOR_VIEWS * add) / (views + PRIOR_VIEWS),
      buy: (buys + PRIOR_VIEWS * buy) / (views + PRIOR_VIEWS),
      convert: (buys + PRIOR_ADDS * convert) / (adds + PRIOR_ADDS),
      views,
    };
  }
}

function count(table: Map<string, Counts>, key: string, kind: 0 | 1 | 2): void {
  const counts = table.get(key);
  if (counts === undefined) {
    const first: Counts = [0, 0, 0];
    first[kind] = 1;
    table.set(key, first);
  } else counts[kind]++;
}
