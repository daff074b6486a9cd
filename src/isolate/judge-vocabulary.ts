// Whether a next-item model speaks of this shop's items.
import { LISTED, type Catalog } from "../catalog/catalog.ts";

/**
 * Of the vocabulary, how much must be for sale at least. A vocabulary reaches back over years of a shop's changing range;
 * that of another shop, or of one that renamed its items, meets it nowhere.
 */
const LEAST_SHARE = 0.05;

/**
 * Why it does not, or null. A shop that has told of no items yet cannot say.
 *
 * @param numbers of the catalogue, by index of the vocabulary
 */
export function judgeVocabulary(
  { listed, status }: Pick<Catalog, "listed" | "status">,
  numbers: Int32Array,
): string | null {
  if (listed === 0) return null;
  let known = 0;
  for (const item of numbers) if (status[item] === LISTED) known += 1;
  if (known >= numbers.length * LEAST_SHARE) return null;
  return `knows ${numbers.length} items, of which the shop sells ${known}`;
}
