import * as fc from "fast-check";
import { expect, it } from "vitest";
import { blend, contribution, loudestSource } from "../../../src/recommend/rank/blend.ts";
import { SOURCES } from "../../../src/recommend/contract.ts";
import type { SourceName } from "../../../src/recommend/contract.ts";
import {
  CandidatePool,
  MAX_CANDIDATES,
  MAX_PER_SOURCE,
  maxPerSource,
} from "../../../src/recommend/retrieve/pool.ts";
import type { Policy } from "../../../src/recommend/rules/policy.ts";

const all = () => true;

function propose(pool: CandidatePool, source: SourceName, items: readonly number[]): void {
  pool.add({ source, items, scores: items.map((_, rank) => 1 / (rank + 1)) }, all);
}

const proposals = fc.array(
  fc.record({
    source: fc.constantFrom(...SOURCES),
    items: fc.uniqueArray(fc.nat({ max: 700 }), { maxLength: 150 }),
  }),
  { maxLength: 10 },
);

it("never holds an item twice, nor more than a ranking model can take", () => {
  fc.assert(
    fc.property(proposals, (lists) => {
      const pool = new CandidatePool(MAX_PER_SOURCE);
      for (const { source, items } of lists) propose(pool, source, items);
      expect(new Set(pool.items).size).toBe(pool.items.length);
      expect(pool.items.length).toBeLessThanOrEqual(MAX_CANDIDATES);
      for (const item of pool.items) expect(pool.items[pool.slotOf(item)]).toBe(item);
    }),
  );
});

it("takes no more of one source than its share, and only what is accepted", () => {
  const pool = new CandidatePool(MAX_PER_SOURCE);
  const items = Array.from({ length: 1000 }, (_, i) => i);
  pool.add({ source: "similar", items, scores: items }, (item) => item % 2 === 1);
  expect(pool.items).toHaveLength(MAX_PER_SOURCE);
  expect(pool.items.every((item) => item % 2 === 1)).toBe(true);
});

it("takes of each source a page, and more where the list is longer or the shop moves items", () => {
  const sizeOf = (limit: number, policy: Policy = {}, before = 0) => {
    const shown = Array.from({ length: before }, (_, i) => i);
    const cursor = before > 0 ? { recommendation_id: "r", shown } : null;
    return maxPerSource({ limit, cursor }, policy);
  };
  expect([1, 20, 21, 500].map((limit) => sizeOf(limit))).toEqual([20, 20, 100, 100]);
  expect(sizeOf(10, {}, 20)).toBe(100);
  expect(sizeOf(20, { seen: "allow", diversity: 0 })).toBe(20);
  expect(sizeOf(20, { max_per_category: 3 })).toBe(50);
  expect(sizeOf(20, { diversity: 0.5 })).toBe(50);
  expect(sizeOf(20, { boosts: [{ factor: 2, brand: "b" }] })).toBe(50);
});

it("scores an item by the sum of what its sources add, and ranks by it", () => {
  fc.assert(
    fc.property(proposals, fc.array(fc.double({ min: 0, max: 2, noNaN: true })), (lists, given) => {
      const pool = new CandidatePool(MAX_PER_SOURCE);
      for (const { source, items } of lists) propose(pool, source, items);
      const weights = Object.fromEntries(SOURCES.map((name, i) => [name, given[i] ?? 1]));
      const { scores, order } = blend(pool, weights);
      for (const slot of order) {
        // Where revisits stand is decided afterwards, by `mixRevisits`.
        const parts = SOURCES.map((name, c) =>
          name === "recently_viewed" ? 0 : contribution(pool, slot, c, given[c] ?? 1),
        );
        expect(scores[slot]).toBeCloseTo(
          parts.reduce((sum, part) => sum + part, 0),
          9,
        );
      }
      const ranked = order.map((slot) => scores[slot] ?? 0);
      expect(ranked).toEqual(ranked.toSorted((a, b) => b - a));
      expect(order.toSorted((a, b) => a - b)).toEqual(pool.items.map((_, slot) => slot));
    }),
  );
});

it("prefers what two sources agree on to what either has at the same rank", () => {
  const pool = new CandidatePool(MAX_PER_SOURCE);
  propose(pool, "next_item", [1, 7]);
  propose(pool, "session_knn", [2, 7]);
  const { order } = blend(pool, { next_item: 1, session_knn: 1 });
  expect(pool.items[order[0] ?? -1]).toBe(7);
});

it("names the source that adds most, and none where no weight speaks", () => {
  const pool = new CandidatePool(MAX_PER_SOURCE);
  propose(pool, "next_item", [3, 4]);
  propose(pool, "similar", [4, 3]);
  const weights = { next_item: 0.5, similar: 1 };
  expect(loudestSource(pool, pool.slotOf(4), weights)).toBe("similar");
  expect(loudestSource(pool, pool.slotOf(4), {})).toBe(null);
});
