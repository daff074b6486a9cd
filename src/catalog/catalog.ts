// The shop's items in the memory of one isolate: typed columns over one dense numbering. It does no I/O; the
// rows come from `readChangedItems`. Retrievers and models speak of items by the numbers given here.
import { stockForSale, UNLIMITED } from "./availability.ts";
import { NO_ITEM, toCatalogItem, type CatalogItem } from "./catalog-item.ts";
import { Dictionary, growBytes, growDoubles, growInts, growUnsigned } from "./columns.ts";
import { Facets } from "./facets.ts";
import { hashText } from "./hash.ts";
import type { ChangedItem } from "./changed-item.ts";
import { SKETCH_WORDS, sketchText } from "./sketch.ts";
import { TextColumn } from "./text-column.ts";
import { selectTop } from "./top-k.ts";

/** A number was given for an id that the catalogue does not have (yet): an event came first. */
export const UNLISTED = 0;
export const LISTED = 1;
export const DELETED = 2;
/** In the catalogue, but not to be shown. */
const HIDDEN = 3;

/** Price of an item that has none. */
const NO_PRICE = -1;
const NO_TEXT = -1;

/** Ids that are not in the catalogue get a number up to here; then they are ignored, which bounds the isolate's memory. */
const MAX_ITEMS = 400_000;

/** Share of the catalogue that can be new, and at most how many items. A shop that sent all its items at once has no new ones. */
const NEW_SHARE = 0.1;
const MAX_NEW = 500;

/** Ends of a category's name within a path: `electronics` holds `electronics.phone` and `electronics/phone`. */
const PATH_SEPARATORS = [".", "/", " > "];

export class Catalog {
  readonly ids: string[] = [];
  readonly titles = new TextColumn();
  readonly imageUrls = new TextColumn();
  readonly urls = new TextColumn();
  readonly categories = new Dictionary();
  readonly brands = new Dictionary();
  readonly groups = new Dictionary();
  readonly facets = new Facets();
  /** UNLISTED, LISTED, DELETED or HIDDEN. */
  status: Uint8Array = new Uint8Array(0);
  /** Codes of `categories`, `brands` and `groups`, -1 for none. */
  category: Int32Array = new Int32Array(0);
  brand: Int32Array = new Int32Array(0);
  group: Int32Array = new Int32Array(0);
  /** What it sells for now, minor units; NO_PRICE for none. */
  price: Float64Array = new Float64Array(0);
  /** Units that can be bought, UNLIMITED where unknown. */
  stock: Int32Array = new Int32Array(0);
  /** ms since the epoch, 0 where unlisted. */
  createdAt: Float64Array = new Float64Array(0);
  /** `hashText` of each id. */
  mark: Uint32Array = new Uint32Array(0);
  /** Which words the title has; SKETCH_WORDS numbers an item. */
  sketch: Int32Array = new Int32Array(0);
  /** Numbers of the items that ever were in a category; the reader checks with `category` or `isInCategory`. */
  readonly members: CatalogItem[][] = [];
  /** The newest change seen; the next read goes on from here. */
  cursor = 0;
  /** Items for sale, that is, LISTED. */
  listed = 0;
  readonly #numbers = new Map<string, CatalogItem>();
  /** Codes of an item's categories beside the first one, for those that have more. */
  readonly #moreCategories = new Map<number, readonly number[]>();
  readonly #masks = new Map<string, Uint8Array>();
  #changed: Float64Array = new Float64Array(0);
  #newest: readonly number[] | null = null;

  get size(): number {
    return this.ids.length;
  }

  /** -1 for an id never seen. */
  find(id: string): CatalogItem {
    return this.#numbers.get(id) ?? NO_ITEM;
  }

  /** The number of an id; new ones are UNLISTED. -1 where the isolate has no room for more. */
  intern(id: string): CatalogItem {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    if (this.size >= MAX_ITEMS) return NO_ITEM;
    const item = toCatalogItem(this.size);
    this.#numbers.set(id, item);
    this.ids.push(id);
    this.#reserve(item + 1);
    this.mark[item] = hashText(id);
    return item;
  }

  /** Takes in changed rows. Rows older than what is here already are passed over, so reads may overlap. */
  apply(rows: readonly ChangedItem[]): void {
    for (const row of rows) {
      this.cursor = Math.max(this.cursor, row.changed);
      const item = this.intern(row.item_id);
      if (item === -1 || row.changed <= (this.#changed[item] ?? 0)) continue;
      this.#changed[item] = row.changed;
      const status = row.deleted ? DELETED : row.hidden ? HIDDEN : LISTED;
      this.listed += (status === LISTED ? 1 : 0) - (this.status[item] === LISTED ? 1 : 0);
      this.titles.set(item, row.title);
      this.imageUrls.set(item, row.image_url);
      this.urls.set(item, row.url);
      this.price[item] = row.sale_price ?? row.price ?? NO_PRICE;
      this.stock[item] = stockForSale(row.stock, row.availability);
      if (this.createdAt[item] !== row.created_at || this.status[item] !== status)
        this.#newest = null;
      this.createdAt[item] = row.created_at;
      this.status[item] = status;
      this.brand[item] = row.brand === null ? NO_TEXT : this.brands.intern(row.brand);
      this.group[item] =
        row.item_group_id === null ? NO_TEXT : this.groups.intern(row.item_group_id);
      this.facets.set(item, row.attributes);
      this.#classify(item, row.category, row.categories);
      sketchText(row.title ?? "", this.sketch, item * SKETCH_WORDS);
    }
  }

  /** Items that came after nearly all others, newest first. */
  get newest(): readonly number[] {
    this.#newest ??= this.#rankNewest();
    return this.#newest;
  }

  /** One byte a category code: 1 where it is `name` or lies below it. An unknown name has none. */
  matchCategory(name: string): Uint8Array {
    const { texts } = this.categories;
    const cached = this.#masks.get(name);
    if (cached !== undefined && cached.length === texts.length) return cached;
    const mask = new Uint8Array(texts.length);
    texts.forEach((text, code) => {
      const below = PATH_SEPARATORS.some((separator) => text.startsWith(name + separator));
      mask[code] = text === name || below ? 1 : 0;
    });
    // Names come from callers: only those that exist are worth remembering.
    if (mask.includes(1)) this.#masks.set(name, mask);
    return mask;
  }

  /** Whether one of the item's categories is in the mask, a byte a code. */
  isInCategory(item: number, mask: Uint8Array): boolean {
    if (mask[this.category[item] ?? NO_TEXT] === 1) return true;
    const more = this.#moreCategories.get(item);
    return more !== undefined && more.some((code) => mask[code] === 1);
  }

  #rankNewest(): number[] {
    const wanted = Math.min(MAX_NEW, Math.floor(this.listed * NEW_SHARE));
    const isListed = (item: number) => this.status[item] === LISTED;
    const top = selectTop(this.createdAt, this.size, wanted + 1, isListed);
    // Items as old as the first one left out cannot be told from it.
    const rest = this.createdAt[top.indexes[wanted] ?? -1] ?? Number.POSITIVE_INFINITY;
    return [...top.indexes].filter((item) => (this.createdAt[item] ?? 0) > rest);
  }

  #classify(item: CatalogItem, category: string | null, more: string | null): void {
    this.#classifyMore(item, more);
    const code = category === null ? NO_TEXT : this.categories.intern(category);
    if (this.category[item] === code) return;
    this.category[item] = code;
    if (code === NO_TEXT) return;
    const members = (this.members[code] ??= []);
    members.push(item);
  }

  #classifyMore(item: CatalogItem, more: string | null): void {
    const before = this.#moreCategories.get(item) ?? [];
    const codes = readNames(more).map((name) => this.categories.intern(name));
    if (codes.length === 0) this.#moreCategories.delete(item);
    else this.#moreCategories.set(item, codes);
    for (const code of codes) if (!before.includes(code)) (this.members[code] ??= []).push(item);
  }

  #reserve(length: number): void {
    this.status = growBytes(this.status, length, UNLISTED);
    this.category = growInts(this.category, length, NO_TEXT);
    this.brand = growInts(this.brand, length, NO_TEXT);
    this.group = growInts(this.group, length, NO_TEXT);
    this.price = growDoubles(this.price, length, NO_PRICE);
    this.stock = growInts(this.stock, length, UNLIMITED);
    this.createdAt = growDoubles(this.createdAt, length, 0);
    this.sketch = growInts(this.sketch, length * SKETCH_WORDS, 0);
    this.mark = growUnsigned(this.mark, length, 0);
    this.#changed = growDoubles(this.#changed, length, 0);
  }
}

function readNames(json: string | null): string[] {
  if (json === null) return [];
  const names: unknown = JSON.parse(json);
  return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
}
