// Models on trial: who gets them, what happens where they fail, and what is worked out in the shadow of an answer.
import { expect, it } from "vitest";
import { Experiment } from "../../../src/recommend/experiment/contract.ts";
import type { ModelSet } from "../../../src/recommend/rank/model-set.ts";
import { recommend } from "../../../src/recommend/recommend.ts";
import type { RecommendDeps } from "../../../src/recommend/deps.ts";
import { ShadowLane } from "../../../src/isolate/shadow-lane.ts";
import type { ShadowRow } from "../../../src/recommend/experiment/shadow.ts";
import { makeRankedShop, makeRanking } from "./ranked-shop.ts";
import { listFor, makeRequest } from "./small-shop.ts";

const UP = { "made-up.of_best": 1, is_last: -1 };
const DOWN = { "made-up.of_best": -1 };
const ASK = makeRequest({ surface: "product", item_id: "item-7", shopper: "ann", limit: 6 });
const BROKEN = { ...makeRanking({}), rank: () => Promise.reject(new Error("out of memory")) };

/** A shop with a champion, and another set of models that an experiment names. */
async function makeTrial(kind: string, challenger = makeRanking(DOWN)) {
  const shop: RecommendDeps = {
    ...(await makeRankedShop(makeRanking(UP))),
    readShopper: async (shopper) => ({ shopper, state: null, personalization: true }),
  };
  const { models: other } = await makeRankedShop(challenger);
  const variants = [{ name: "serving" }, { name: "other", models: { ranking: "r2" } }];
  const experiment = Experiment.parse({
    experiment_id: "trial",
    status: "running",
    kind,
    surfaces: ["product"],
    variants,
  });
  const set: ModelSet = { nextItem: shop.models.nextItem, ranking: other.ranking };
  return { shop: { ...shop, experiments: [experiment], findModels: () => set }, plain: shop };
}

/** Shoppers until one is found in the variant. */
async function askAs(shop: RecommendDeps, variant: string) {
  for (let i = 0; i < 100; i++) {
    const shown = await listFor(shop, { ...ASK, shopper: `s${i}` });
    if (shown.items[0]?.variant === variant) return shown;
  }
  throw new Error(`nobody is in ${variant}`);
}

const itemsOf = ({ items }: { items: readonly { item: number }[] }) =>
  items.map(({ item }) => item);

it("answers a variant by its own models, and the others by those that serve", async () => {
  const { shop, plain } = await makeTrial("split");
  const usual = itemsOf(await listFor(plain, ASK));
  expect(itemsOf(await askAs(shop, "serving"))).toEqual(usual);
  expect(itemsOf(await askAs(shop, "other"))).not.toEqual(usual);
});

it("answers by the models that serve where those of a variant fail, and says so", async () => {
  const { shop, plain } = await makeTrial("split", BROKEN);
  const shown = await askAs(shop, "other");
  expect(itemsOf(shown)).toEqual(itemsOf(await listFor(plain, ASK)));
  expect(shown).toMatchObject({ ranking_version: "r1", degraded: ["model"] });
});

it("leaves out everybody where the models of a variant are not open", async () => {
  const { shop } = await makeTrial("split");
  const closed = { ...shop, findModels: () => null };
  for (let i = 0; i < 20; i++) {
    const shown = await listFor(closed, { ...ASK, shopper: `s${i}` });
    expect(shown).toMatchObject({ experiment: null, degraded: [] });
  }
});

it("drafts a list from two models, each item with the version that picked it", async () => {
  const { shop } = await makeTrial("interleaving");
  const { items } = await listFor(shop, ASK);
  expect(new Set(items.map(({ variant }) => variant))).toEqual(new Set(["serving", "other"]));
});

async function runShadow(shop: RecommendDeps, log?: (rows: readonly ShadowRow[]) => Promise<void>) {
  const rows: ShadowRow[] = [];
  const work: Promise<unknown>[] = [];
  const lane = new ShadowLane(log ?? (async (more) => void rows.push(...more)));
  const { recommendation: shown, shadow } = await recommend(shop, ASK);
  lane.add(shop, ASK, shown, shadow, (each) => work.push(each));
  lane.add(shop, ASK, shown, shadow, (each) => work.push(each));
  await Promise.all(work);
  return { rows, shown, pending: work.length };
}

it("works out what the challenger would have shown, which is what it shows where it serves", async () => {
  const { shop, plain } = await makeTrial("shadow");
  const { rows, shown, pending } = await runShadow(shop);
  expect(itemsOf(shown)).toEqual(itemsOf(await listFor(plain, ASK)));
  expect(shown).toMatchObject({ experiment: null, degraded: [] });
  const serving = await listFor({ ...plain, models: shop.findModels() }, ASK);
  const ids = itemsOf(serving).map((item) => shop.catalog.ids[item]);
  expect(rows[0]?.items.slice(0, 6)).toEqual(ids);
  expect(rows[0]).toMatchObject({ experiment: "trial", shown: 6, failed: false });
  // One at a time: the second came while the first was under way.
  expect(pending).toBe(1);
});

it("tells of a challenger that fails, and touches nothing else", async () => {
  const { shop } = await makeTrial("shadow", BROKEN);
  const { rows, shown } = await runShadow(shop);
  expect(rows[0]).toMatchObject({ failed: true });
  expect(shown).toMatchObject({ ranking_version: "r1", degraded: [] });
  const lost = await runShadow(shop, () => Promise.reject(new Error("the queue is away")));
  expect(lost.shown.degraded).toEqual([]);
});

it("takes the first page of a drawn share of lists, and none of a shadow that is stopped", async () => {
  const { shop } = await makeTrial("shadow");
  const first = await recommend(shop, ASK);
  expect(first.shadow).not.toBe(null);
  const second = await recommend(shop, { ...ASK, cursor: first.recommendation.next });
  expect(second.shadow).toBe(null);
  const [experiment] = shop.experiments;
  const change = (more: object) => ({
    ...shop,
    experiments: experiment === undefined ? [] : [Object.assign({}, experiment, more)],
  });
  expect((await recommend(change({ status: "stopped" }), ASK)).shadow).toBe(null);
  const half = change({ traffic: 0.5 });
  let drawn = 0;
  for (let i = 0; i < 60; i++) drawn += (await recommend(half, ASK)).shadow === null ? 0 : 1;
  expect(drawn).toBeGreaterThan(15);
  expect(drawn).toBeLessThan(45);
});
