// The use case as a whole, over a shop in memory: pages, explanations, lists to reorder, visits without a history.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { blend } from "../../../src/recommend/rank/blend.ts";
import { emptyShopper } from "../../../durable/state/shopper.ts";
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
      fc.constantFrom(...SURFACES.filter((each) => each !== "rerank" && each !== "recent")),
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

/** A shopper with these touches, a minute apart, and this in the cart and bought. */
function shopperWith(touches: readonly number[], cart: number[] = [], bought: number[] = []) {
  const shopper = emptyShopper();
  const at = NOW - 3_600_000;
  const price = null;
  shopper.profile.recent = touches.map((item, minute) => ({
    item_id: `item-${item}`,
    name: "view_item",
    at: at + minute * 60_000,
    price,
    category: null,
    brand: null,
  }));
  shopper.cart.lines = cart.map((item) => ({
    item_id: `item-${item}`,
    variant: null,
    group_id: null,
    quantity: 1,
    price,
    category: null,
    brand: null,
    added_at: at,
  }));
  const order = { times: 1, quantity: 1, first_at: at, last_at: at };
  const lines = bought.map((item) => ({ item_id: `item-${item}`, ...order }));
  shopper.profile.purchases = { ...shopper.profile.purchases, bought: lines };
  const view = { shopper: "ann", state: shopper, personalization: true };
  return { ...shop, readShopper: () => Promise.resolve(view) };
}

it("shows on no page the item in view, what lies in the cart or was just bought, and names no item to itself", async () => {
  const some = fc.uniqueArray(fc.integer({ min: 0, max: ALL - 1 }), { maxLength: 8 });
  const surfaces = fc.constantFrom("home", "product", "cart", "category", "recent");
  await fc.assert(
    fc.asyncProperty(surfaces, some, some, some, async (surface, touches, cart, bought) => {
      const deps = shopperWith(touches, cart, bought);
      const about = { surface, shopper: "ann", item_id: "item-7", limit: ALL } as const;
      const shown = await listFor(deps, makeRequest(about));
      const ids = shown.items.map(idOf);
      for (const item of [7, ...cart, ...bought]) expect(ids).not.toContain(`item-${item}`);
      for (const { item, reason } of shown.items) {
        if ("item_id" in reason) expect(reason.item_id).not.toBe(idOf({ item }));
      }
    }),
    { numRuns: 60 },
  );
});

it("keeps what was seen for a list of its own, unless it is asked for", async () => {
  const deps = shopperWith([3, 9, 12]);
  const ask = async (change: Partial<Parameters<typeof makeRequest>[0]>) =>
    (await listFor(deps, makeRequest({ shopper: "ann", ...change }))).items;
  expect((await ask({})).map(idOf)).not.toContain("item-12");
  const recent = await ask({ surface: "recent" });
  expect(recent.map(idOf).toSorted()).toEqual(["item-12", "item-3", "item-9"]);
  expect(recent.map(({ reason }) => reason.code)).toEqual(Array(3).fill("seen_before"));
  expect((await ask({ seen: "allow" })).map(idOf)).toContain("item-12");
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
