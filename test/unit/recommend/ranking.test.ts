// The learned second stage in a request: whose order stands, what a shop's declarations still do to it, what it tells.
import { describe, expect, it } from "vitest";
import { emptyShopper, foldShopper } from "../../../durable/state/shopper.ts";
import type { RecommendRequest, RecommendedItem } from "../../../src/recommend/contract.ts";
import type { RecommendDeps } from "../../../src/recommend/deps.ts";
import { findIncompatibility } from "../../../src/recommend/rank/ranking-stage.ts";
import { makeRankedShop, makeRanking, NAMES } from "./ranked-shop.ts";
import { listFor, makeRequest, NOW } from "./small-shop.ts";
import { changedItem } from "../../support/changed-item.ts";
import { makeEvent, makeLine } from "../../support/records.ts";

const BY_MODEL = { "made-up.of_best": 3, "vmis-knn.of_best": 1, nearness: -1 };
const request = (change: Partial<RecommendRequest> = {}) =>
  makeRequest({ surface: "product", item_id: "item-7", limit: 12, ...change });
const idsOf = (shop: RecommendDeps, items: readonly RecommendedItem[]) =>
  items.map(({ item }) => shop.catalog.ids[item]);

/** The shop with rules of one surface. */
function declare(shop: RecommendDeps, policy: object): RecommendDeps {
  shop.policies.replace(
    new Map([
      ["product", policy],
      ["rerank", policy],
    ]),
  );
  return shop;
}

describe("a list with a ranking model", () => {
  it("is in the model's order, and says which model that was", async () => {
    const up = await makeRankedShop(makeRanking({ "made-up.of_best": 1, is_last: -1 }));
    const down = await makeRankedShop(makeRanking({ "made-up.of_best": -1 }));
    const shown = await listFor(up, request());
    expect(shown).toMatchObject({ ranking_version: "r1", model_version: "n1", degraded: [] });
    // The model's favourite is what comes next; the model turned round has it nowhere.
    expect(idsOf(up, shown.items).slice(0, 3)).toEqual(["item-8", "item-9", "item-10"]);
    const turned = await listFor(down, request());
    expect(idsOf(down, turned.items)).not.toContain("item-8");
    expect(new Set(idsOf(up, shown.items)).size).toBe(12);
  });

  it("is the blend's where the shop switches it off, and where there is no session yet", async () => {
    const ranked = declare(await makeRankedShop(makeRanking(BY_MODEL)), {
      sources: { ranking: 0 },
    });
    const { models } = ranked;
    const plain = { ...ranked, models: { ...models, ranking: null } };
    const off = await listFor(ranked, request());
    expect(off.ranking_version).toBeNull();
    expect(idsOf(ranked, off.items)).toEqual(idsOf(plain, (await listFor(plain, request())).items));
    const nobody = await listFor(ranked, makeRequest({ limit: 5 }));
    expect(nobody).toMatchObject({ ranking_version: null, degraded: [] });
    expect(nobody.items).toHaveLength(5);
  });

  it("tells how long its stages took, and of ranking what the models took", async () => {
    let now = 0;
    const shop = await makeRankedShop(makeRanking(BY_MODEL));
    const { timings } = await listFor({ ...shop, clock: () => now++ }, request());
    const stages = ["shopper", "rank", "rules", "explain"];
    expect(timings.map(({ name }) => name)).toEqual([...stages, "encode", "read", "score"]);
    const msOf = (names: string[]) =>
      timings.reduce((sum, { name, ms }) => sum + (names.includes(name) ? ms : 0), 0);
    expect(msOf(["encode", "read", "score"])).toBeLessThan(msOf(["rank"]));
    expect(timings.every(({ ms }) => ms > 0)).toBe(true);
  });

  it("goes on by the blend where the model throws, and says so", async () => {
    const broken = { ...makeRanking({}), rank: () => Promise.reject(new Error("out of memory")) };
    const shown = await listFor(await makeRankedShop(broken), request());
    expect(shown).toMatchObject({ ranking_version: null, degraded: ["model"] });
    expect(shown.items).toHaveLength(12);
  });

  it("has items that no model knows at the ranks that the blend gives them", async () => {
    // Of 60 items models know 30; what the shop has just put in has no clicks at all.
    const shop = await makeRankedShop(makeRanking(BY_MODEL), 30);
    shop.catalog.apply([
      changedItem("fresh", 1000, {
        title: "Thing 0 of 1",
        category: "c3",
        brand: "b2",
        price: 1070,
        created_at: NOW,
      }),
    ]);
    expect(shop.models.ranking?.knows(shop.catalog.find("fresh"))).toBe(false);
    const shown = await listFor(shop, request({ limit: 30 }));
    const blended = await listFor(
      { ...shop, models: { ...shop.models, ranking: null } },
      request({ limit: 30 }),
    );
    const score = (items: readonly RecommendedItem[]) =>
      items.find(({ item }) => item === shop.catalog.find("fresh"))?.score;
    expect(score(shown.items)).toBeGreaterThan(0);
    expect(score(shown.items)).toBe(score(blended.items));
  });
});

describe("what a shop declares over a ranking model", () => {
  it("lifts the items of a source whose weight is raised", async () => {
    const shop = await makeRankedShop(makeRanking(BY_MODEL));
    const before = await listFor(shop, request());
    const similar = await listFor(declare(shop, { sources: { similar: 20 } }), request());
    const anchored = (items: readonly RecommendedItem[]) =>
      items.filter(({ reason }) => reason.code === "similar_to").length;
    expect(anchored(similar.items)).toBeGreaterThan(anchored(before.items) + 5);
  });

  it("silences a source that is switched off, in the features too", async () => {
    const onlyKnn = makeRanking({ "vmis-knn.of_best": 1 });
    const shop = declare(await makeRankedShop(onlyKnn), { sources: { session_knn: 0 } });
    const blind = await listFor(shop, request());
    const same = declare(await makeRankedShop(makeRanking({})), { sources: { session_knn: 0 } });
    expect(idsOf(shop, blind.items)).toEqual(idsOf(same, (await listFor(same, request())).items));
  });

  it("multiplies by boosts and leaves out what is filtered away", async () => {
    const shop = await makeRankedShop(makeRanking(BY_MODEL));
    const before = await listFor(shop, request());
    const boosts = [{ factor: 50, brand: "b2" }];
    const boosted = await listFor(declare(shop, { boosts }), request({ limit: 5 }));
    const brands = boosted.items.map(({ item }) => Number(shop.catalog.ids[item]?.slice(5)) % 5);
    expect(brands).toEqual([2, 2, 2, 2, 2]);
    const filters = { not_brands: ["b3"] };
    const without = await listFor(declare(shop, { filters }), request());
    const left = idsOf(shop, before.items).filter((id) => Number(id?.slice(5)) % 5 !== 3);
    expect(idsOf(shop, without.items).slice(0, left.length)).toEqual(left);
  });

  it("keeps the shop's own relevance in a list that it gave", async () => {
    const shop = await makeRankedShop(makeRanking(BY_MODEL));
    const given = [40, 8, 9, 41, 42].map((n, index) => ({ item_id: `item-${n}`, score: -index }));
    const ask = request({ surface: "rerank", given, limit: 5 });
    const shown = await listFor(shop, ask);
    expect(shown.ranking_version).toBe("r1");
    expect(new Set(idsOf(shop, shown.items))).toEqual(new Set(given.map((each) => each.item_id)));
    const reversed = given.map(({ item_id, score }) => ({ item_id, score: -score }));
    const other = await listFor(shop, { ...ask, given: reversed });
    // Of two that the model knows nothing of for this shopper, the one that the search had first comes first.
    const rankOf = (items: readonly RecommendedItem[], id: string) =>
      idsOf(shop, items).indexOf(id);
    expect(rankOf(shown.items, "item-40")).toBeLessThan(rankOf(shown.items, "item-42"));
    expect(rankOf(other.items, "item-42")).toBeLessThan(rankOf(other.items, "item-40"));
  });
});

describe("an explanation", () => {
  const prefixes: Record<string, string> = { session_knn: "vmis-knn.", next_item: "made-up." };

  it("tells of each group what the list is without it", async () => {
    const weights = { ...BY_MODEL, log_popularity: 0.4, "markov.rank": 0.3 };
    const shop = await makeRankedShop(makeRanking(weights));
    const all = await listFor(shop, request({ limit: 60, explain: true }));
    let checked = 0;
    for (const [group, prefix] of Object.entries(prefixes)) {
      const bare = makeRanking(weights, "n1", (given) => setToMean(given, prefix));
      const without = await listFor(await makeRankedShop(bare), request({ limit: 60 }));
      for (const { item, score, features } of all.items) {
        const told = features?.find((each) => each.group === group);
        const other = without.items.find((each) => each.item === item);
        if (told === undefined || other === undefined || other.source === "fallback") continue;
        expect(other.score).toBeCloseTo(score - told.contribution, 9);
        checked++;
      }
      const order = without.items.filter(({ source }) => source !== "fallback");
      for (const [index, { item }] of order.entries()) {
        const told = all.items.find((each) => each.item === item)?.features;
        const found = told?.find((each) => each.group === group);
        if (found !== undefined) expect(found.place_without).toBe(index);
      }
    }
    expect(checked).toBeGreaterThan(40);
  });

  it("says that the price carried an item onto the list, where it did", async () => {
    const likesPrice = makeRanking({ ...BY_MODEL, "shopper.price_level_share": 9 });
    const shop = await makeRankedShop(likesPrice);
    const state = buyer();
    const knowing: RecommendDeps = {
      ...shop,
      readShopper: async (shopper) => ({ shopper, state, personalization: true }),
    };
    const ask = request({ shopper: "ann", limit: 8 });
    const shown = await listFor(knowing, ask);
    const carried = shown.items.filter(({ reason }) => reason.code === "for_your_price_level");
    expect(carried.length).toBeGreaterThan(0);
    const blind = makeRanking({ ...BY_MODEL, "shopper.price_level_share": 9 }, "n1", (given) =>
      setToMean(given, "shopper.price", "shopper.log_price"),
    );
    const other = { ...knowing, models: (await makeRankedShop(blind)).models };
    const without = idsOf(shop, (await listFor(other, ask)).items);
    for (const { item } of carried) expect(without).not.toContain(shop.catalog.ids[item]);
    expect(shown.items.some(({ reason }) => reason.code !== "for_your_price_level")).toBe(true);
  });
});

it("goes only with the next-item model that it was trained beside", () => {
  expect(findIncompatibility(makeRanking({}, "n1"), "n1")).toBeNull();
  expect(findIncompatibility(makeRanking({}, "n1"), "n2")).toMatch(
    /reads next-item model n1, and n2/,
  );
  expect(findIncompatibility(makeRanking({}, "n1"), null)).toMatch(/and none serves/);
});

function setToMean(given: Float32Array, ...prefixes: string[]): Float32Array {
  const features = given.slice();
  for (const [column, name] of NAMES.entries()) {
    if (!prefixes.some((prefix) => name.startsWith(prefix))) continue;
    for (let at = column; at < features.length; at += NAMES.length) features[at] = 0.25;
  }
  return features;
}

/** Bought dear things only, some time ago, and looks at one now. */
function buyer() {
  let state = emptyShopper();
  for (const [index, item] of [55, 56, 57].entries()) {
    const event = makeEvent({
      event_id: `e${index}`,
      timestamp: NOW - (3 - index) * 60_000,
      session_id: "now",
      items: [
        makeLine(`item-${item}`, {
          price: 1000 + 10 * item,
          category: `c${item % 4}`,
          brand: `b${item % 5}`,
        }),
      ],
    });
    state = foldShopper(state, event);
  }
  return state;
}
