// The laws of the rules, over any catalogue, any rules and any lists.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { LISTED, UNLISTED } from "../../../src/catalog/catalog.ts";
import { applyRules, isEligible } from "../../../src/recommend/rules/rules.ts";
import type { ItemFacts, Rules } from "../../../src/recommend/rules/rules.ts";

const ITEMS = 24;
const CATEGORIES = 4;
const BRANDS = 3;
const FACETS = 5;

const item = fc.integer({ min: 0, max: ITEMS - 1 });
const items = fc.array(item, { maxLength: 30 });
const numbers = (min: number, max: number) =>
  fc.array(fc.integer({ min, max }), { minLength: ITEMS, maxLength: ITEMS });

const columns = fc.record({
  status: numbers(0, 2).map((values) => Uint8Array.from(values)),
  stock: numbers(-1, 2).map((values) => Int32Array.from(values)),
  category: numbers(-1, CATEGORIES - 1).map((values) => Int32Array.from(values)),
  brand: numbers(-1, BRANDS - 1).map((values) => Int32Array.from(values)),
  facets: fc
    .array(fc.tuple(item, fc.integer({ min: 0, max: FACETS - 1 })), { maxLength: 40 })
    .map((pairs) => ({
      has: (each: number, facet: number) => pairs.some(([a, b]) => a === each && b === facet),
    })),
  price: numbers(-1, 10).map((values) => Float64Array.from(values)),
  group: numbers(-1, 5).map((values) => Int32Array.from(values)),
  mark: fc.constant(Uint32Array.from({ length: ITEMS }, (_, each) => each + 100)),
});
const facts: fc.Arbitrary<ItemFacts> = columns.map((known) => ({
  ...known,
  isInCategory: (each, mask) => mask[known.category[each] ?? -1] === 1,
}));

const mask = (length: number) =>
  fc.option(
    fc
      .array(fc.integer({ min: 0, max: 1 }), { minLength: length, maxLength: length })
      .map((bytes) => Uint8Array.from(bytes)),
  );
const facetCodes = fc.array(fc.integer({ min: 0, max: FACETS - 1 }), { maxLength: 3 });

const rules: fc.Arbitrary<Rules> = fc.record({
  limit: fc.integer({ min: 0, max: 30 }),
  excluded: items.map((list) => new Set(list)),
  standing: fc.constant([]),
  shown: items.map((list) => new Set(list.map((each) => each + 100))),
  only: fc.option(items.map((list) => new Set(list))),
  banned: items.map((list) => new Set(list)),
  categories: mask(CATEGORIES),
  allowedCategories: mask(CATEGORIES),
  forbiddenCategories: mask(CATEGORIES),
  allowedBrands: mask(BRANDS),
  forbiddenBrands: mask(BRANDS),
  facets: fc.option(
    fc.record({ wanted: fc.array(facetCodes, { maxLength: 2 }), unwanted: facetCodes }),
  ),
  minPrice: fc.option(fc.integer({ min: 0, max: 10 })),
  maxPrice: fc.option(fc.integer({ min: 0, max: 10 })),
  seen: fc.constantFrom("allow", "demote", "exclude"),
  seenItems: items.map((list) => new Set(list)),
  bought: fc.constantFrom("allow", "demote", "exclude"),
  boughtItems: items.map((list) => new Set(list)),
  pinned: fc
    .array(fc.tuple(fc.integer({ min: -5, max: 35 }), item), { maxLength: 4 })
    .map((pins) => new Map(pins)),
  maxPerCategory: fc.option(fc.integer({ min: 1, max: 5 })),
  allowUnlisted: fc.boolean(),
});

const NO_PINS: Rules["pinned"] = new Map();

const lists = fc.array(items, { maxLength: 4 });

function holds(law: (f: ItemFacts, r: Rules, l: number[][], placed: number[]) => void): void {
  fc.assert(
    fc.property(facts, rules, lists, (f, r, l) => {
      law(
        f,
        r,
        l,
        applyRules(f, r, l).map((placed) => placed.item),
      );
    }),
    { numRuns: 1000 },
  );
}

it("shows only what may be shown, from the lists, at most `limit` of it", () => {
  holds((f, r, l, placed) => {
    expect(placed.length).toBeLessThanOrEqual(r.limit);
    for (const each of placed) {
      expect([...l.flat(), ...r.pinned.values()]).toContain(each);
      expect(r.excluded.has(each) || r.banned.has(each)).toBe(false);
      if (r.bought === "exclude") expect(r.boughtItems.has(each)).toBe(false);
      const code = f.category[each] ?? -1;
      if (r.allowedCategories !== null) expect(r.allowedCategories[code]).toBe(1);
      expect(r.forbiddenCategories?.[code]).not.toBe(1);
      if (r.allowedBrands !== null) expect(r.allowedBrands[f.brand[each] ?? -1]).toBe(1);
      expect(r.forbiddenBrands?.[f.brand[each] ?? -1]).not.toBe(1);
      expect(r.facets?.unwanted.some((facet) => f.facets.has(each, facet))).not.toBe(true);
      for (const values of r.facets?.wanted ?? [])
        expect(values.some((facet) => f.facets.has(each, facet))).toBe(true);
      expect(r.shown.has(each + 100)).toBe(false);
      if (r.only !== null) expect(r.only.has(each)).toBe(true);
      expect(f.stock[each]).not.toBe(0);
      expect(f.status[each] === LISTED || (r.allowUnlisted && f.status[each] === UNLISTED)).toBe(
        true,
      );
      if (r.seen === "exclude") expect(r.seenItems.has(each)).toBe(false);
      if (r.categories !== null) expect(r.categories[f.category[each] ?? -1]).toBe(1);
      if (r.minPrice !== null) expect(f.price[each]).toBeGreaterThanOrEqual(r.minPrice);
      if (r.maxPrice !== null) {
        expect(f.price[each]).toBeGreaterThanOrEqual(0);
        expect(f.price[each]).toBeLessThanOrEqual(r.maxPrice);
      }
    }
  });
});

it("never repeats an item", () => {
  holds((_f, _r, _l, placed) => expect(new Set(placed).size).toBe(placed.length));
});

it("fills up to the limit as long as the lists hold anything eligible, cap or no cap", () => {
  holds((f, r, l, placed) => {
    const pins = [...r.pinned].filter(([index]) => index >= 0 && index < r.limit);
    const offered = [...l.flat(), ...pins.map(([, each]) => each)];
    const eligible = new Set(offered.filter((each) => isEligible(f, r, each)));
    expect(placed).toHaveLength(Math.min(r.limit, eligible.size));
  });
});

it("never lets a further filter add an item to what is eligible", () => {
  fc.assert(
    fc.property(facts, rules, rules, (f, loose, more) => {
      const tight: Rules = {
        ...loose,
        excluded: new Set([...loose.excluded, ...more.excluded]),
        banned: new Set([...loose.banned, ...more.banned]),
        allowedCategories: loose.allowedCategories ?? more.allowedCategories,
        forbiddenCategories: loose.forbiddenCategories ?? more.forbiddenCategories,
        allowedBrands: loose.allowedBrands ?? more.allowedBrands,
        forbiddenBrands: loose.forbiddenBrands ?? more.forbiddenBrands,
        facets:
          loose.facets === null
            ? more.facets
            : {
                wanted: [...loose.facets.wanted, ...(more.facets?.wanted ?? [])],
                unwanted: [...loose.facets.unwanted, ...(more.facets?.unwanted ?? [])],
              },
        shown: new Set([...loose.shown, ...more.shown]),
        only: loose.only ?? more.only,
        categories: loose.categories ?? more.categories,
        minPrice: loose.minPrice ?? more.minPrice,
        maxPrice: loose.maxPrice ?? more.maxPrice,
      };
      for (let each = 0; each < ITEMS; each++) {
        if (isEligible(f, tight, each)) expect(isEligible(f, loose, each)).toBe(true);
      }
    }),
  );
});

it("takes a fallback only after everything eligible of the lists before it", () => {
  fc.assert(
    fc.property(facts, rules, lists, (f, r, l) => {
      const placed = applyRules(f, { ...r, pinned: NO_PINS }, l);
      const order = placed.map(({ list }) => list);
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    }),
  );
});

it("puts a demoted item behind every new item of its list", () => {
  fc.assert(
    fc.property(facts, rules, items, (f, r, list) => {
      const placed = applyRules(f, { ...r, seen: "demote", bought: "demote", pinned: NO_PINS }, [
        list,
      ]);
      const isSeen = placed.map(
        ({ item: each }) => r.seenItems.has(each) || r.boughtItems.has(each),
      );
      expect(isSeen).toEqual(isSeen.toSorted((a, b) => Number(a) - Number(b)));
    }),
  );
});

it("keeps the ranking where neither cap nor policy speaks", () => {
  holds((f, r, l) => {
    const [ranking] = l;
    if (ranking === undefined) return;
    const plain: Rules = {
      ...r,
      maxPerCategory: null,
      seen: "allow",
      bought: "allow",
      pinned: NO_PINS,
    };
    const eligible = [...new Set(ranking)].filter((each) => isEligible(f, plain, each));
    const placed = applyRules(f, plain, [ranking]).map((each) => each.item);
    expect(placed).toEqual(eligible.slice(0, r.limit));
  });
});

it("gives every category its turn before one is over the cap", () => {
  fc.assert(
    fc.property(facts, rules, items, (f, r, list) => {
      const cap = r.maxPerCategory ?? 2;
      const open: Rules = {
        ...r,
        maxPerCategory: cap,
        seen: "allow",
        bought: "allow",
        pinned: NO_PINS,
      };
      const placed = applyRules(f, open, [list]).map((each) => each.item);
      const counts = new Map<number, number>();
      let overCap = false;
      for (const each of placed) {
        const category = f.category[each] ?? -1;
        const count = (counts.get(category) ?? 0) + 1;
        counts.set(category, count);
        if (category >= 0 && count > cap) overCap = true;
        else expect(overCap).toBe(false);
      }
    }),
  );
});

it("gives a pinned item that may be shown its position, as far as the list reaches", () => {
  holds((f, r, _l, placed) => {
    const items = [...r.pinned.values()];
    for (const [index, each] of r.pinned) {
      const isOnly = items.filter((other) => other === each).length === 1;
      if (index < 0 || index >= r.limit || !isOnly || !isEligible(f, r, each)) continue;
      expect(placed).toContain(each);
      if (placed.length === r.limit) expect(placed[index]).toBe(each);
    }
  });
});
