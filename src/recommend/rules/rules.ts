// Which items may be shown and in which order: one pure function over ranked lists.
import { LISTED, UNLISTED } from "../../catalog/catalog.ts";
import type { Catalog } from "../../catalog/catalog.ts";
import type { FacetFilter } from "./compile-policy.ts";
import type { SeenPolicy } from "../contract.ts";

/** The columns of the catalogue that rules read. */
export type ItemFacts = Pick<
  Catalog,
  "status" | "stock" | "category" | "brand" | "group" | "price" | "mark" | "isInCategory"
> & { facets: Pick<Catalog["facets"], "has"> };

/** One byte a code, 1 = in it; null = the mask says nothing. */
type Mask = Uint8Array | null;

export type Rules = {
  limit: number;
  excluded: ReadonlySet<number>;
  /** Of these the page shows one already: variants of theirs are none the list needs. null: variants stand side by side. */
  standing: readonly number[] | null;
  /** What the shop excludes for all. */
  banned: ReadonlySet<number>;
  /** Marks of what the pages before have shown. */
  shown: ReadonlySet<number>;
  /** Nothing but these; null = everything. */
  only: ReadonlySet<number> | null;
  /** Category codes that the request allows, and those that the shop does; an item must be in both, by any of its categories. */
  categories: Mask;
  allowedCategories: Mask;
  forbiddenCategories: Mask;
  allowedBrands: Mask;
  forbiddenBrands: Mask;
  facets: FacetFilter | null;
  /** Minor units, inclusive. An item without a price passes no price filter. */
  minPrice: number | null;
  maxPrice: number | null;
  seen: SeenPolicy;
  seenItems: ReadonlySet<number>;
  bought: SeenPolicy;
  boughtItems: ReadonlySet<number>;
  /** Item by its position in this list, from 0. */
  pinned: ReadonlyMap<number, number>;
  /** Items of one category before the others get their turn; null = no cap. It never shortens a list. */
  maxPerCategory: number | null;
  /** True while the shop has no catalogue: then ids from its events are all there is. */
  allowUnlisted: boolean;
};

/** Whether an item may be shown at all. Every filter can only take away. */
export function isEligible(facts: ItemFacts, rules: Rules, item: number): boolean {
  const status = facts.status[item];
  if (status !== LISTED && !(rules.allowUnlisted && status === UNLISTED)) return false;
  if (facts.stock[item] === 0 || rules.excluded.has(item) || rules.banned.has(item)) return false;
  if (rules.only !== null && !rules.only.has(item)) return false;
  if (rules.shown.size > 0 && rules.shown.has(facts.mark[item] ?? 0)) return false;
  if (rules.seen === "exclude" && rules.seenItems.has(item)) return false;
  if (rules.bought === "exclude" && rules.boughtItems.has(item)) return false;
  const { categories, allowedCategories, forbiddenCategories } = rules;
  if (categories !== null && !facts.isInCategory(item, categories)) return false;
  if (allowedCategories !== null && !facts.isInCategory(item, allowedCategories)) return false;
  if (forbiddenCategories !== null && facts.isInCategory(item, forbiddenCategories)) return false;
  const brand = facts.brand[item] ?? -1;
  if (isOutside(rules.allowedBrands, brand) || rules.forbiddenBrands?.[brand] === 1) return false;
  const price = facts.price[item] ?? -1;
  if (rules.minPrice !== null && (price < 0 || price < rules.minPrice)) return false;
  if (rules.maxPrice !== null && (price < 0 || price > rules.maxPrice)) return false;
  return rules.facets === null || passesFacets(facts, rules.facets, item);
}

function isOutside(mask: Mask, code: number): boolean {
  return mask !== null && mask[code] !== 1;
}

function passesFacets(
  { facets }: ItemFacts,
  { wanted, unwanted }: FacetFilter,
  item: number,
): boolean {
  if (unwanted.some((facet) => facets.has(item, facet))) return false;
  return wanted.every((values) => values.some((facet) => facets.has(item, facet)));
}

export type RuledItem = {
  item: number;
  /** Which list it came from; -1 for a pinned item. */
  list: number;
};

/**
 * Takes from the lists in turn (the first is the ranking, the others are fallbacks) until `limit` items stand.
 * Within a list: first what keeps to the category cap, then what does not. What is demoted comes behind all lists. Of an
 * item group one is shown. Pinned items that may be shown take their positions, as far as the list reaches.
 * No item comes twice, and none that is not eligible; the answer is short only where the lists hold no more.
 */
export function applyRules(
  facts: ItemFacts,
  rules: Rules,
  lists: Iterable<readonly number[]>,
): RuledItem[] {
  const pins = [...rules.pinned]
    .filter(([index, item]) => index >= 0 && index < rules.limit && isEligible(facts, rules, item))
    .toSorted(([a], [b]) => a - b)
    .filter(([, item], i, all) => all.findIndex(([, other]) => other === item) === i);
  const room = Math.max(0, rules.limit - pins.length);
  const placed: RuledItem[] = [];
  const taken = new Set(pins.map(([, item]) => item));
  const perCategory = new Map<number, number>();
  const groups = new Set<number>();

  function count(item: number): void {
    groups.add(facts.group[item] ?? -1);
    const category = facts.category[item] ?? -1;
    perCategory.set(category, (perCategory.get(category) ?? 0) + 1);
  }
  for (const item of taken) count(item);
  for (const item of rules.standing ?? []) {
    const group = facts.group[item] ?? -1;
    if (group >= 0) groups.add(group);
  }

  function take(item: number, list: number): void {
    if (placed.length >= room || taken.has(item) || isVariant(item)) return;
    taken.add(item);
    placed.push({ item, list });
    count(item);
  }

  function isVariant(item: number): boolean {
    const group = facts.group[item] ?? -1;
    return rules.standing !== null && group >= 0 && groups.has(group);
  }

  function isOverCap(item: number): boolean {
    const category = facts.category[item] ?? -1;
    if (rules.maxPerCategory === null || category < 0) return false;
    return (perCategory.get(category) ?? 0) >= rules.maxPerCategory;
  }

  let list = 0;
  const demoted: { item: number; list: number }[] = [];
  for (const ranked of lists) {
    const overCap: number[] = [];
    for (const item of ranked) {
      if (placed.length >= room) break;
      if (taken.has(item) || !isEligible(facts, rules, item)) continue;
      if (isDemoted(rules, item)) demoted.push({ item, list });
      else if (isOverCap(item)) overCap.push(item);
      else take(item, list);
    }
    for (const item of overCap) take(item, list);
    if (placed.length >= room) break;
    list += 1;
  }
  for (const each of demoted) take(each.item, each.list);
  for (const [index, item] of pins) placed.splice(index, 0, { item, list: -1 });
  return placed;
}

function isDemoted(rules: Rules, item: number): boolean {
  return (
    (rules.seen === "demote" && rules.seenItems.has(item)) ||
    (rules.bought === "demote" && rules.boughtItems.has(item))
  );
}
