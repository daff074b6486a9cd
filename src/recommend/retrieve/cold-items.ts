// Items that the model never saw in a session: it scores them by their content alone, so that a new item is
// recommendable from the moment it is in the catalogue.
import { contentVector } from "../../../models/next-item/network/content.ts";
import type { ContentTable } from "../../../models/next-item/network/content.ts";
import { priceBucket } from "../../../models/next-item/data/event-log.ts";
import { LISTED } from "../../catalog/catalog.ts";
import { toCatalogItem, type CatalogItem } from "../../catalog/catalog-item.ts";
import type { Catalog } from "../../catalog/catalog.ts";

/** Items held at a time, the latest to come: 0.1 ms of scoring at 64 dimensions. A retraining takes them over. */
const MAX_COLD = 2000;

/** Items of the catalogue that are looked at before others get their turn: some ms. */
const SLICE = 2000;

export class ColdItems {
  readonly #catalog: Catalog;
  readonly #content: ContentTable;
  readonly #isKnown: (item: CatalogItem) => boolean;
  /** Minor units in one unit of the shop's currency. */
  readonly #minorUnits: number;
  /** Numbers of the cold items; a ring of at most MAX_COLD, with their unit vectors [MAX_COLD, dim]. */
  readonly items: CatalogItem[] = [];
  readonly #vectors: Float32Array;
  /** Row of each item in the ring. */
  readonly #rows = new Map<CatalogItem, number>();
  #next = 0;
  #scanned = 0;
  /** Ids that came with an event and are not in the catalogue yet. */
  #waiting: CatalogItem[] = [];
  #cursor = -1;

  constructor(
    catalog: Catalog,
    content: ContentTable,
    isKnown: (item: CatalogItem) => boolean,
    minorUnits: number,
  ) {
    this.#catalog = catalog;
    this.#content = content;
    this.#isKnown = isKnown;
    this.#minorUnits = minorUnits;
    this.#vectors = new Float32Array(MAX_COLD * content.dim);
  }

  /** Scores of `items`, in their order: the inner product with `state` [dim] times `scale`. */
  score(state: Float32Array, scale: number): Float32Array {
    this.#keepUp();
    const { dim } = this.#content;
    const scores = new Float32Array(this.items.length);
    for (let row = 0; row < scores.length; row++) {
      let sum = 0;
      for (let d = 0; d < dim; d++) {
        sum += (state[d] ?? 0) * (this.#vectors[row * dim + d] ?? 0);
      }
      scores[row] = sum * scale;
    }
    return scores;
  }

  /** Writes the vector of a cold item into `out`, [dim]; false for an item that is none. */
  readVector(item: CatalogItem, out: Float64Array): boolean {
    const row = this.#rows.get(item);
    if (row === undefined) return false;
    const { dim } = this.#content;
    for (let d = 0; d < dim; d++) out[d] = this.#vectors[row * dim + d] ?? 0;
    return true;
  }

  /** Takes in a whole catalogue, a part at a time, so that the first request need not. */
  async catchUp(yieldToRequests: () => Promise<void>): Promise<void> {
    while (this.#scanned + SLICE < this.#catalog.size) {
      this.#scan(this.#scanned + SLICE);
      await yieldToRequests();
    }
  }

  /** Takes in what has come to the catalogue since the last call. */
  #keepUp(): void {
    const catalog = this.#catalog;
    if (catalog.cursor === this.#cursor) return;
    this.#cursor = catalog.cursor;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const item of waiting) this.#take(item);
    this.#scan(catalog.size);
  }

  #scan(end: number): void {
    for (; this.#scanned < end; this.#scanned++) {
      const item = toCatalogItem(this.#scanned);
      if (!this.#isKnown(item)) this.#take(item);
    }
  }

  #take(item: CatalogItem): void {
    const catalog = this.#catalog;
    if (catalog.status[item] !== LISTED) {
      this.#waiting.push(item);
      return;
    }
    const vector = contentVector(this.#content, describeContent(catalog, item, this.#minorUnits));
    if (vector === null) return;
    const evicted = this.items[this.#next];
    if (evicted !== undefined) this.#rows.delete(evicted);
    this.items[this.#next] = item;
    this.#rows.set(item, this.#next);
    this.#vectors.set(vector, this.#next * this.#content.dim);
    this.#next = (this.#next + 1) % MAX_COLD;
  }
}

/** What a next-item model may know of an item by its content. */
export function describeContent(
  catalog: Catalog,
  item: number,
  minorUnits: number,
): Record<string, string> {
  const category = catalog.categories.texts[catalog.category[item] ?? -1];
  const brand = catalog.brands.texts[catalog.brand[item] ?? -1];
  const price = catalog.price[item] ?? -1;
  return {
    ...(category === undefined ? {} : { category }),
    ...(brand === undefined ? {} : { brand }),
    ...(price < 0 ? {} : { price: String(priceBucket(price / minorUnits)) }),
  };
}
