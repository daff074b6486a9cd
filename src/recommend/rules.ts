// Which items may be shown and in which order: one pure function over ranked lists.
import { LISTED, UNLISTED } from "../catalog/catalog.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { SeenPolicy } from "./contract.ts";

/** The columns of the catalogue that rules read. */
export type ItemFacts = Pick<Catalog, "status" | "stock" | "category" | "price" | "mark">;

export type Rules = {
  limit: number;
  excluded: ReadonlySet<number>;
  /** Marks of what the pages before have shown. */
  shown: ReadonlySet<number>;
  /** Nothing but these; null = everything. */
  only: ReadonlySet<number> | null;
  /** One byte a category code, 1 = allowed; null = all. */
  categories: Uint8Array | null;
  /** Minor units, inclusive. An item without a price passes no price filter. */
  minPrice: number | null;
  maxPrice: number | null;
  seen: SeenPolicy;
  seenItems: ReadonlySet<number>;
  /** Items of one category before the others get their turn; null = no cap. It never shortens a list. */
  maxPerCategory: number | null;
  /** True while the shop has no catalogue: then ids from its events are all there is. */
  allowUnlisted: boolean;
};

/** Whether an item may be shown at all. Every filter can only take away. */
export function isEligible(facts: ItemFacts, rules: Rules, item: number): boolean {
  const status = facts.status[item];
  if (status !== LISTED && !(rules.allowUnlisted && status === UNLISTED)) return false;
  if (facts.stock[item] === 0 || rules.excluded.has(item)) return false;
  if (rules.only !== null && !rules.only.has(item)) return false;
  if (rules.shown.size > 0 && rules.shown.has(facts.mark[item] ?? 0)) return false;
  if (rules.seen === "exclude" && rules.seenItems.has(item)) return false;
  if (rules.categories !== null && rules.categories[facts.category[item] ?? -1] !== 1) return false;
  const price = facts.price[item] ?? -1;
  if (rules.minPrice !== null && (price < 0 || price < rules.minPrice)) return false;
  return rules.maxPrice === null || (price >= 0 && price <= rules.maxPrice);
}

export type Placed = {
  item: number;
  /** Which list it came from. */
  list: number;
};

/**
 * Takes from the lists in turn (the first is the ranking, the others are fallbacks) until `limit` items stand.
 * Within a list: first what keeps to the category cap, then what is over it, then what is demoted.
 * No item comes twice, and none that is not eligible; the answer is short only where the lists hold no more.
 */
export function applyRules(
  facts: ItemFacts,
  rules: Rules,
  lists: Iterable<readonly number[]>,
): Placed[] {
  const placed: Placed[] = [];
  const taken = new Set<number>();
  const perCategory = new Map<number, number>();
  let list = 0;

  function take(item: number): void {
    if (placed.length >= rules.limit || taken.has(item)) return;
    taken.add(item);
    placed.push({ item, list });
    const category = facts.category[item] ?? -1;
    perCategory.set(category, (perCategory.get(category) ?? 0) + 1);
  }

  function isOverCap(item: number): boolean {
    const category = facts.category[item] ?? -1;
    if (rules.maxPerCategory === null || category < 0) return false;
    return (perCategory.get(category) ?? 0) >= rules.maxPerCategory;
  }

  for (const ranked of lists) {
    const overCap: number[] = [];
    const demoted: number[] = [];
    for (const item of ranked) {
      if (placed.length >= rules.limit) return placed;
      if (taken.has(item) || !isEligible(facts, rules, item)) continue;
      if (rules.seen === "demote" && rules.seenItems.has(item)) demoted.push(item);
      else if (isOverCap(item)) overCap.push(item);
      else take(item);
    }
    for (const item of overCap) take(item);
    for (const item of demoted) take(item);
    list += 1;
  }
  return placed;
}
