// How an isolate numbers items: by its catalogue, in the order in which it hears of them. A number of another numbering
// (`ClickedItem`, `VocabItem`) is another item.
declare const numbering: unique symbol;

/** NO_ITEM for one that the catalogue does not have. */
export type CatalogItem = number & { readonly [numbering]: "CatalogItem" };

/** Says what a number is that comes out of an array by catalogue numbers. */
export function toCatalogItem(number: number): CatalogItem;
export function toCatalogItem(number: number): number {
  return number;
}

export const NO_ITEM = toCatalogItem(-1);
