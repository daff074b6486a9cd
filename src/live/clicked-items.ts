// Numbers of the items that were clicked, in the order in which they came up. What retrieval keeps by item then takes
// memory for these alone: of a large catalogue most items have no clicks, and the others lie all over it.
import { NO_ITEM, toCatalogItem, type CatalogItem } from "../catalog/catalog-item.ts";
import { growInts } from "../catalog/columns.ts";

/** An item without a click goes by its number in the catalogue, so far up that no clicked one gets there (see MAX_ITEMS). */
const UNCLICKED = 2 ** 20;

declare const numbering: unique symbol;

/** The number of an item here, which is not its number in the catalogue. */
export type ClickedItem = number & { readonly [numbering]: "ClickedItem" };

/** Says what a number is that comes from those who learn from clicks. */
export function toClickedItem(number: number): ClickedItem;
export function toClickedItem(number: number): number {
  return number;
}

export class ClickedItems {
  /** By catalogue number: the number here plus one, 0 for none yet. */
  #numbers: Int32Array = new Int32Array(0);
  /** By number: the catalogue number. */
  readonly #items: CatalogItem[] = [];

  /** The number of an item that is clicked now: the next one where it is for the first time. */
  add(item: CatalogItem): ClickedItem {
    this.#numbers = growInts(this.#numbers, item + 1, 0);
    const known = (this.#numbers[item] ?? 0) - 1;
    if (known !== -1) return toClickedItem(known);
    this.#items.push(item);
    this.#numbers[item] = this.#items.length;
    return toClickedItem(this.#items.length - 1);
  }

  /** The number of any item; of one without a click it changes with the first. */
  numberOf(item: CatalogItem): ClickedItem {
    const known = (this.#numbers[item] ?? 0) - 1;
    return toClickedItem(known === -1 ? UNCLICKED + item : known);
  }

  /** The catalogue number of a number. */
  itemOf(number: ClickedItem): CatalogItem {
    if (number >= UNCLICKED) return toCatalogItem(number - UNCLICKED);
    return this.#items[number] ?? NO_ITEM;
  }
}
