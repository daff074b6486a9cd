// What was touched before among what is new: nothing is lost, what is new keeps its order, scores go down the list.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { toCatalogItem } from "../../../src/catalog/catalog-item.ts";
import { mixRevisits } from "../../../src/recommend/rank/mix-revisits.ts";
import { CandidatePool, MAX_PER_SOURCE } from "../../../src/recommend/retrieve/pool.ts";
import { rankOnly } from "../../../src/recommend/retrieve/sources.ts";
import { blend } from "../../../src/recommend/rank/blend.ts";

const WEIGHTS = { recently_viewed: 1, session_knn: 1 };
const distinct = fc.uniqueArray(fc.nat(60), { maxLength: 30 });
const odds = fc.double({ min: 0.001, max: 0.9, noNaN: true });

it("keeps every candidate and the order of what is new, and puts revisits by their odds", () => {
  fc.assert(
    fc.property(
      distinct,
      distinct,
      fc.array(odds, { minLength: 31, maxLength: 31 }),
      (own, others, drawn) => {
        const pool = new CandidatePool(MAX_PER_SOURCE);
        pool.add(rankOnly("recently_viewed", own), () => true);
        pool.add(
          rankOnly(
            "session_knn",
            others.filter((item) => !own.includes(item)),
          ),
          () => true,
        );
        const ordered = blend(pool, WEIGHTS);
        const touched = { items: own, times: own.map(() => 1), lastWasRepeat: false };
        const again = own.map((_, index) => drawn[index] ?? 0);
        const mixed = mixRevisits(
          pool,
          ordered,
          touched,
          { again, fresh: drawn[30] ?? 0 },
          () => 1,
        );
        expect(mixed.order.toSorted((a, b) => a - b)).toEqual([...pool.items.keys()]);
        const isOwn = (slot: number) => own.includes(pool.items[slot] ?? -1);
        const fresh = (order: readonly number[]) => order.filter((slot) => !isOwn(slot));
        expect(fresh(mixed.order)).toEqual(fresh(ordered.order));
        const oddsOf = (slot: number) => again[own.indexOf(pool.items[slot] ?? -1)] ?? 0;
        const inOrder = mixed.order.filter(isOwn).map(oddsOf);
        expect(inOrder).toEqual(inOrder.toSorted((a, b) => b - a));
        const scores = mixed.order.map((slot) => mixed.scores[slot] ?? Number.NaN);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
        for (const slot of fresh(mixed.order))
          expect(mixed.scores[slot]).toBe(ordered.scores[slot]);
      },
    ),
  );
});

it("tells what it did for an item: the score falls by so much without it", () => {
  const pool = new CandidatePool(MAX_PER_SOURCE);
  pool.add(rankOnly("recently_viewed", [5]), () => true);
  pool.add(rankOnly("session_knn", [7, 8]), () => true);
  const touched = { items: [5], times: [1], lastWasRepeat: false };
  const { scores, explain, revisits } = mixRevisits(
    pool,
    blend(pool, WEIGHTS),
    touched,
    { again: [0.4], fresh: 0.6 },
    () => 1,
  );
  const slot = pool.slotOf(toCatalogItem(5));
  expect([...revisits]).toEqual([5]);
  expect(explain(slot, { contributions: [], features: [] }).contributions).toMatchObject([
    { source: "recently_viewed", contribution: scores[slot], place: 0, place_without: 2 },
  ]);
});
