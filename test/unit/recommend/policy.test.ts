// From a declared policy to a list: names become numbers, boosts move, diversity only reorders, variants differ by key.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Facets } from "../../../src/catalog/facets.ts";
import { Declared } from "../../../src/isolate/declared.ts";
import { diversify } from "../../../src/recommend/rank/diversify.ts";
import { mergePolicies, Policy, readPolicy } from "../../../src/recommend/rules/policy.ts";
import { listFor, makeRequest, makeShop } from "./small-shop.ts";

const shop = makeShop();

async function listWith(policy: Policy, limit = 60) {
  shop.policies.replace(new Map([["home", Policy.parse(policy)]]));
  const shown = await listFor(shop, makeRequest({ item_id: "item-7", limit }));
  return shown.items.map(({ item }) => item);
}

describe("a policy", () => {
  it("lets through only what its filters name, together", async () => {
    const items = await listWith({
      filters: { categories: ["c0", "c1"], attributes: { colour: ["red"], size: [0, 1] } },
      exclude: ["item-4"],
    });
    const expected = Array.from({ length: 60 }, (_, i) => i).filter(
      (i) => i % 4 < 2 && i % 2 === 0 && i % 3 < 2 && i !== 4,
    );
    expect(items.toSorted((a, b) => a - b)).toEqual(expected);
    expect(await listWith({ filters: { attributes: { colour: ["green"] } } })).toEqual([]);
    const others = await listWith({
      filters: { not_attributes: { colour: ["red"] }, not_brands: ["b1"], max_price: 1300 },
    });
    expect(others.length).toBeGreaterThan(0);
    expect(others.every((i) => i % 2 === 1 && i % 5 !== 1 && i <= 30)).toBe(true);
  });

  it("pins, boosts and silences", async () => {
    const plain = await listWith({});
    const last = plain[9] ?? -1;
    const pinned = await listWith({ pinned: [{ item_id: "item-50", position: 2 }] }, 10);
    expect(pinned[2]).toBe(50);
    const boosted = await listWith({ boosts: [{ factor: 100, item_ids: [`item-${last}`] }] });
    expect(boosted[0]).toBe(last);
    const cheap = await listWith({ boosts: [{ factor: 0.01, category: "c1", brand: "b1" }] });
    expect(cheap.toSorted((a, b) => a - b)).toEqual(plain.toSorted((a, b) => a - b));
    shop.policies.replace(new Map([["home", { sources: { co_visitation: 0 } }]]));
    const silent = await listFor(shop, makeRequest({ item_id: "item-7", explain: true }));
    const sources = silent.items.flatMap(({ contributions }) =>
      (contributions ?? []).map(({ source }) => source),
    );
    expect(sources).not.toContain("co_visitation");
    expect(sources).toContain("session_knn");
  });

  it("tells contributions that add up to the boosted score", async () => {
    shop.policies.replace(new Map([["home", { boosts: [{ factor: 3, category: "c1" }] }]]));
    const shown = await listFor(shop, makeRequest({ item_id: "item-7", explain: true }));
    const boosts = new Set<number>();
    for (const { score, contributions } of shown.items) {
      const sum = (contributions ?? []).reduce((total, each) => total + each.contribution, 0);
      expect(sum).toBeCloseTo(score, 9);
      for (const { boost } of contributions ?? []) boosts.add(boost);
    }
    expect(boosts).toEqual(new Set([1, 3]));
  });

  it("spreads a list over categories with diversity, and keeps all its items", async () => {
    shop.policies.replace(new Map());
    const spread = (items: readonly number[]) =>
      items.slice(1).filter((item, i) => item % 4 !== (items[i] ?? 0) % 4).length;
    const plain = await listWith({ boosts: [{ factor: 5, category: "c1" }] }, 12);
    const diverse = await listWith({ boosts: [{ factor: 5, category: "c1" }], diversity: 0.9 }, 12);
    expect(spread(diverse)).toBeGreaterThan(spread(plain));
    shop.policies.replace(new Map());
  });

  it("is merged key by key, and refused where it makes no sense", () => {
    const base: Policy = { seen: "allow", diversity: 0.5 };
    expect(mergePolicies(base, { diversity: 0 })).toEqual({ seen: "allow", diversity: 0 });
    for (const body of [
      "",
      "null",
      '{"colour": 1}',
      '{"diversity": 2}',
      '{"boosts":[{"factor":2}]}',
    ])
      expect(readPolicy(body)).toBe(null);
    const twice = [1, 2].map((i) => ({ item_id: `i${i}`, position: 0 }));
    expect(Policy.safeParse({ pinned: twice }).success).toBe(false);
  });
});

describe("diversify", () => {
  const scored = fc.uniqueArray(fc.nat({ max: 50 }), { maxLength: 40 }).chain((items) =>
    fc
      .array(fc.double({ min: 0, max: 5, noNaN: true }), {
        minLength: items.length,
        maxLength: items.length,
      })
      .map((scores) => {
        const sorted = scores.toSorted((a, b) => b - a);
        return items.map((item, i) => ({ item, score: sorted[i] ?? 0 }));
      }),
  );
  const alike = (a: number, b: number) => (a % 3 === b % 3 ? 1 : 0);

  it("only reorders, begins with the best, and changes nothing at 0", () => {
    const share = fc.double({ min: 0, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(scored, share, fc.nat({ max: 50 }), (ranked, diversity, count) => {
        const diverse = diversify(ranked, alike, diversity, count);
        const byItem = (a: { item: number }, b: { item: number }) => a.item - b.item;
        expect(diverse.toSorted(byItem)).toEqual(ranked.toSorted(byItem));
        expect(diverse[0]?.score).toBe(ranked[0]?.score);
        expect(diversify(ranked, alike, 0, count)).toEqual(ranked);
      }),
    );
  });

  it("takes one of each kind before a second of any where likeness is all that counts", () => {
    const ranked = [0, 3, 6, 1, 4, 2].map((item, i) => ({ item, score: 10 - i }));
    const kinds = diversify(ranked, alike, 1, 3).map(({ item }) => item % 3);
    expect(new Set(kinds.slice(0, 3)).size).toBe(3);
  });
});

it("knows an item by its last attributes, however often they changed", () => {
  const change = fc.tuple(
    fc.nat({ max: 5 }),
    fc.option(fc.dictionary(fc.constantFrom("a", "b", "__proto__"), fc.nat({ max: 3 }))),
  );
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const facets = new Facets();
      const last = new Map<number, Map<string, number>>();
      for (const [item, attributes] of changes) {
        facets.set(item, attributes === null ? null : JSON.stringify(attributes));
        last.set(item, new Map(Object.entries(attributes ?? {})));
      }
      for (let item = 0; item <= 5; item++) {
        for (const name of ["a", "b", "__proto__"]) {
          for (let value = 0; value <= 3; value++) {
            const facet = facets.find(name, String(value));
            const has = facet !== -1 && facets.has(item, facet);
            expect(has).toBe(last.get(item)?.get(name) === value);
          }
        }
      }
    }),
  );
});

it("keeps what it can read of declarations, and names the rest", () => {
  const declared = new Declared();
  const rows = {
    rules: [
      { surface: "home", body: '{"diversity": 0.5}' },
      { surface: "cart", body: '{"of a later release": true}' },
    ],
    experiments: [{ experiment_id: "e", body: "nonsense" }],
  };
  declared.replace(rows);
  expect([...declared.policies.keys()]).toEqual(["home"]);
  expect(declared.unreadable).toEqual(["rules of cart", "experiment e"]);
  const before = declared.policies.get("home");
  declared.replace(rows);
  expect(declared.policies.get("home")).toBe(before);
});
