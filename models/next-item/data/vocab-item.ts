// How a next-item model numbers items: by their index in its vocabulary.
declare const numbering: unique symbol;

/** -1 for an item that the vocabulary does not have. */
export type VocabItem = number & { readonly [numbering]: "VocabItem" };

/** Says what a number is that comes out of an array by the vocabulary. */
export function toVocabItem(number: number): VocabItem;
export function toVocabItem(number: number): number {
  return number;
}
