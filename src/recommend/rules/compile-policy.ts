// A policy in the catalogue's numbers. Names become masks and sets once, not once an item or a request.
import type { Catalog } from "../../catalog/catalog.ts";
import type { Policy } from "./policy.ts";

/** Facets by attribute: an item needs one of each `wanted` set and none of `unwanted`. */
export type FacetFilter = { wanted: readonly (readonly number[])[]; unwanted: readonly number[] };

export type CompiledPolicy = {
  /** One byte a category or brand code, 1 = allowed; null = all. Items without one pass only where it is null. */
  categories: Uint8Array | null;
  brands: Uint8Array | null;
  /** The same for what is forbidden. */
  notCategories: Uint8Array | null;
  notBrands: Uint8Array | null;
  facets: FacetFilter | null;
  minPrice: number | null;
  maxPrice: number | null;
  excluded: ReadonlySet<number>;
  /** Item by its position from 0. */
  pinned: ReadonlyMap<number, number>;
  /** What the score of an item is multiplied by; null where no boost is declared. */
  boost: ((item: number) => number) | null;
};

export function compilePolicy(catalog: Catalog, { filters, ...policy }: Policy): CompiledPolicy {
  const facets = {
    wanted: Object.entries(filters?.attributes ?? {}).map(([name, values]) =>
      findFacets(catalog, name, values),
    ),
    unwanted: Object.entries(filters?.not_attributes ?? {}).flatMap(([name, values]) =>
      findFacets(catalog, name, values),
    ),
  };
  const isFiltered = facets.wanted.length + facets.unwanted.length > 0;
  const pins = (policy.pinned ?? []).map(
    ({ item_id, position }) => [position, catalog.find(item_id)] as const,
  );
  return {
    categories: filters?.categories === undefined ? null : maskOf(catalog, filters.categories),
    notCategories: filters?.not_categories ? maskOf(catalog, filters.not_categories) : null,
    brands: filters?.brands === undefined ? null : maskBrands(catalog, filters.brands),
    notBrands: filters?.not_brands ? maskBrands(catalog, filters.not_brands) : null,
    facets: isFiltered ? facets : null,
    minPrice: filters?.min_price ?? null,
    maxPrice: filters?.max_price ?? null,
    excluded: new Set((policy.exclude ?? []).map((item_id) => catalog.find(item_id))),
    pinned: new Map(pins.filter(([, item]) => item !== -1)),
    boost: compileBoosts(catalog, policy.boosts ?? []),
  };
}

/** Values that no item has are left out: then the set is empty and nothing passes it. */
function findFacets(catalog: Catalog, name: string, values: readonly unknown[]): number[] {
  return values
    .map((value) => catalog.facets.find(name, String(value)))
    .filter((facet) => facet !== -1);
}

function maskOf(catalog: Catalog, categories: readonly string[]): Uint8Array {
  const mask = new Uint8Array(catalog.categories.texts.length);
  for (const name of categories) {
    catalog.matchCategory(name).forEach((allowed, code) => {
      if (allowed === 1) mask[code] = 1;
    });
  }
  return mask;
}

function maskBrands(catalog: Catalog, brands: readonly string[]): Uint8Array {
  const wanted = new Set(brands);
  return Uint8Array.from(catalog.brands.texts, (text) => (wanted.has(text) ? 1 : 0));
}

function compileBoosts(
  catalog: Catalog,
  boosts: NonNullable<Policy["boosts"]>,
): CompiledPolicy["boost"] {
  if (boosts.length === 0) return null;
  const tests = boosts.map(({ factor, item_ids, category, brand, attribute }) => {
    const items = item_ids && new Set<number>(item_ids.map((item_id) => catalog.find(item_id)));
    const mask = category === undefined ? null : catalog.matchCategory(category);
    const code = brand === undefined ? null : catalog.brands.find(brand);
    const facet = attribute && catalog.facets.find(attribute.name, String(attribute.value));
    const applies = (item: number) =>
      (items === undefined || items.has(item)) &&
      (mask === null || catalog.isInCategory(item, mask)) &&
      (code === null || (code !== -1 && catalog.brand[item] === code)) &&
      (facet === undefined || (facet !== -1 && catalog.facets.has(item, facet)));
    return { factor, applies };
  });
  return (item) =>
    tests.reduce((product, { factor, applies }) => product * (applies(item) ? factor : 1), 1);
}
