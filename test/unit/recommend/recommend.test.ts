// The use case as a whole, over a shop in memory: pages, explanations, lists to reorder, visits without a history.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { blend } from "../../../src/recommend/rank/blend.ts";
import { readContext } from "../../../src/recommend/context.ts";
import { SURFACES } from "../../../src/recommend/contract.ts";
import type { Recommendation } from "../../../src/recommend/contract.ts";
import { makeRules } from "../../../src/recommend/rules/make-rules.ts";
import type { PageCursor } from "../../../src/recommend/paging.ts";
import { NO_POLICY } from "../../../src/recommend/rules/policy.ts";
import { maxPerSource } from "../../../src/recommend/retrieve/pool.ts";
import { retrieve } from "../../../src/recommend/retrieve/retrieve.ts";
import { Stopwatch } from "../../../src/recommend/stopwatch.ts";
import { SURFACE_TABLE, weightsFor } from "../../../src/recommend/surfaces.ts";
import { listFor, makeRequest, makeShop, NOW } from "./small-shop.ts";

const shop = makeShop();
/** The same items, an empty log: nothing but the given order speaks. */
const quiet = makeShop({ events: 0 });
const idOf = ({ item }: { item: number }) => shop.catalog.ids[item] ?? "";
const { length: ALL } = shop.catalog.ids;

it("pages through the whole shop without showing anything twice, on every surface", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...SURFACES.filter((surface) => surface !== "rerank")),
      fc.integer({ min: 1, max: 25 }),
      fc.integer({ min: 0, max: ALL - 1 }),
      async (surface, limit, item) => {
        const seen: string[] = [];
        const about = { surface, limit, item_id: `item-${item}` };
        let cursor: PageCursor | null = null;
        for (;;) {
          const page: Recommendation = await listFor(shop, makeRequest({ ...about, cursor }));
          expect(page.first).toBe(seen.length);
          seen.push(...page.items.map(idOf));
          if (page.next === null) break;
          expect(page.next.recommendation_id).toBe(page.recommendation_id);
          cursor = page.next;
        }
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen).toHaveLength(ALL - 1);
      },
    ),
    { numRuns: 30 },
  );
});

it("tells contributions that are what taking the source away takes away", async () => {
  let removals = 0;
  for (const surface of ["home", "product", "category", "rerank"] as const) {
    const given = shop.catalog.ids.map((item_id, i) => ({ item_id, score: -i }));
    const request = makeRequest({
      surface,
      item_id: "item-7",
      explain: true,
      given: surface === "rerank" ? given : null,
      visit: { country: "NL", device: "mobile", referrer: null },
    });
    const context = readContext(shop.catalog, request, null, NOW);
    const declared = { policy: NO_POLICY, compiled: shop.policies.compile(NO_POLICY) };
    const settings = SURFACE_TABLE[surface];
    const rules = makeRules(shop.catalog, request, settings, declared, context);
    const weights = weightsFor(settings, context.contextItems.length);
    const shown = await listFor(shop, request);
    for (const { item, score, contributions } of shown.items) {
      const sum = (contributions ?? []).reduce((total, each) => total + each.contribution, 0);
      expect(sum).toBeCloseTo(score, 9);
      for (const { source, contribution, place_without } of contributions ?? []) {
        // The source is not asked at all, unlike in `listContributions`, which only silences it.
        const others = { ...weights, [source]: 0 };
        const stopwatch = new Stopwatch(shop.clock);
        const perSource = maxPerSource(request, NO_POLICY);
        const plan = { weights: others, rules, perSource, nextItem: null, steps: [], stopwatch };
        const { pool } = await retrieve(shop, plan, request, context);
        const { scores, order } = blend(pool, others);
        const slot = pool.slotOf(item);
        expect((scores[slot] ?? 0) + contribution).toBeCloseTo(score, 9);
        if (slot !== -1) expect(order.indexOf(slot)).toBe(place_without);
        removals += 1;
      }
    }
  }
  expect(removals).toBeGreaterThan(40);
});

it("keeps to the shop's own order where it knows nothing of the shopper, and adds nothing", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 0, max: ALL - 1 }), { minLength: 1 }),
      async (items) => {
        const given = items.map((item, index) => ({ item_id: `item-${item}`, score: -index }));
        const shown = await listFor(
          shop,
          makeRequest({ surface: "rerank", given, limit: given.length }),
        );
        expect(shown.items.map(idOf).toSorted()).toEqual(
          given.map(({ item_id }) => item_id).toSorted(),
        );
        const withoutContext = await listFor(
          quiet,
          makeRequest({ surface: "rerank", given, limit: given.length }),
        );
        expect(withoutContext.items.map(idOf)).toEqual(given.map(({ item_id }) => item_id));
      },
    ),
    { numRuns: 50 },
  );
});

it("moves up in a given list what goes with the item in view", async () => {
  const alone = await listFor(shop, makeRequest({ surface: "product", item_id: "item-7" }));
  const coVisited = alone.items[0];
  const given = shop.catalog.ids.filter((id) => id !== "item-7");
  const last = idOf(coVisited ?? { item: -1 });
  const ordered = [...given.filter((id) => id !== last), last];
  const shown = await listFor(
    shop,
    makeRequest({
      surface: "rerank",
      item_id: "item-7",
      given: ordered.map((item_id, index) => ({ item_id, score: -index })),
      limit: ordered.length,
    }),
  );
  expect(shown.items.map(idOf).indexOf(last)).toBeLessThan(ordered.length / 2);
});

it("shows a visitor without history what is popular with those who come alike", async () => {
  const shown = await listFor(
    shop,
    makeRequest({ visit: { country: "NL", device: null, referrer: null }, limit: 5 }),
  );
  const popular = shop.live.segments.list({ country: "nl", device: null, referrer: null });
  expect(popular).toHaveLength(1);
  expect(shown.items[0]?.item).toBe(popular[0]?.items[0]);
  expect(shown.items[0]?.reason.code).toBe("popular_here");
});
