// Whether an item can be bought: what feeds say in words, and what it comes to together with the stock level.
import { UNREADABLE } from "../shop/read/text.ts";

/** Stock of an item whose stock is unknown or unlimited. */
export const UNLIMITED = -1;

export const AVAILABILITIES = ["in_stock", "out_of_stock", "preorder", "backorder"] as const;
export type Availability = (typeof AVAILABILITIES)[number];

/** Without blanks, `_`, `-` and schema.org's address, in lower case. */
const WORDS = new Map<string, Availability>([
  ["instock", "in_stock"],
  ["available", "in_stock"],
  ["limitedavailability", "in_stock"],
  ["onlineonly", "in_stock"],
  ["true", "in_stock"],
  ["yes", "in_stock"],
  ["1", "in_stock"],
  ["outofstock", "out_of_stock"],
  ["soldout", "out_of_stock"],
  ["unavailable", "out_of_stock"],
  ["discontinued", "out_of_stock"],
  ["false", "out_of_stock"],
  ["no", "out_of_stock"],
  ["0", "out_of_stock"],
  ["preorder", "preorder"],
  ["presale", "preorder"],
  ["backorder", "backorder"],
  ["onbackorder", "backorder"],
  ["availablefororder", "backorder"],
]);

/** Null where nothing is said. */
export function readAvailability(value: unknown): Availability | null | typeof UNREADABLE {
  if (value === null || value === undefined) return null;
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
    return UNREADABLE;
  }
  const word = String(value)
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\/schema\.org\//, "")
    .replaceAll(/[\s_-]/g, "");
  return word === "" ? null : (WORDS.get(word) ?? UNREADABLE);
}

/**
 * Units that can be bought, as the snapshot keeps them: what either the level or the word says is out is out, unless it
 * may be ordered ahead. Part of a unit is still for sale.
 */
export function stockForSale(stock: number | null, availability: string | null): number {
  if (availability === "preorder" || availability === "backorder") return UNLIMITED;
  if (availability === "out_of_stock") return 0;
  return stock === null ? UNLIMITED : Math.ceil(stock);
}
