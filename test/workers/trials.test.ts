// Models on trial beside those that serve, in real workerd: in the shadow of the answers, and for a share of shoppers.
import { env } from "cloudflare:workers";
import { beforeAll, expect, it, vi } from "vitest";
import {
  NEXT_LOOK,
  promote,
  publish,
  publishPair,
  renamePair,
  send,
  trainPair,
} from "./support/registry.ts";
import type { Pair } from "./support/registry.ts";
import {
  ask,
  call,
  letPass,
  listIds,
  makeEvent,
  openShop,
  putItems,
  sendAll,
  turnTheClock,
  waitForRows,
} from "./support/shop.ts";

const ITEMS = 24;
const VOCABULARY = Array.from({ length: ITEMS }, (_, i) => `item-${i}`);
const CHALLENGER = { next_item: "next-2", ranking: "rank-2" };
const SHADOW = {
  status: "running",
  kind: "shadow",
  surfaces: ["home"],
  variants: [{ name: "serving" }, { name: "challenger", models: CHALLENGER }],
};
const CANARY = {
  ...SHADOW,
  kind: "split",
  variants: [{ name: "serving" }, { name: "canary", models: CHALLENGER }],
};

type Trials = { next_item: string | null; open: boolean; reason: string | null }[];

let challenger: Pair;

beforeAll(async () => {
  await openShop();
  await putItems(VOCABULARY.map((item_id) => ({ item_id, category: "all", price: 10 })));
  const champion = renamePair(await trainPair(VOCABULARY), "1");
  // It learned that every other item follows, so it shows other lists.
  challenger = renamePair(await trainPair(VOCABULARY, 2), "2");
  await publishPair(champion);
  await promote(champion.nextItem);
  await promote(champion.ranking);
  await publishPair(challenger);
  await sendAll(
    Array.from({ length: 20 }, (_, i) =>
      ["item-3", `item-${4 + (i % 3)}`].map((id) => makeEvent("view_item", `v${i}`, [id])),
    ).flat(),
  );
  await waitForRows("events", 40);
}, 120_000);

turnTheClock();

async function readTrials(): Promise<Trials> {
  const { trials } = await (await call("GET", "/v1/models")).json<{ trials: Trials }>();
  return trials;
}

/** Declares an experiment and waits until this isolate has open what it names, or has none any more. */
async function declare(id: string, experiment: object, open: readonly boolean[]): Promise<void> {
  const response = await send("PUT", `/v1/experiments/${id}`, experiment);
  expect(response.status, await response.clone().text()).toBe(200);
  await vi.waitFor(
    async () => {
      letPass(NEXT_LOOK);
      expect((await readTrials()).map((each) => each.open)).toEqual(open);
    },
    { timeout: 20_000 },
  );
}

async function readResult(id: string): Promise<object> {
  const { result } = await (await call("GET", `/v1/experiments/${id}`)).json<{ result: object }>();
  return result;
}

it("works out after the answer what a challenger would have shown, and where the click stands there", async () => {
  await declare("behind", SHADOW, [true]);
  const list = await ask("/v1/recommendations?anonymous_id=v1&limit=5");
  expect(list).toMatchObject({ model_version: "next-1", ranking_version: "rank-1", degraded: [] });
  await waitForRows("shadow_lists", 1);
  const row = await env.DB.prepare("select * from shadow_lists").first<Record<string, string>>();
  expect(row).toMatchObject({
    recommendation_id: list.recommendation_id,
    model_version: "next-2",
    ranking_version: "rank-2",
    surface: "home",
    shown: 5,
    failed: 0,
  });
  const items: string[] = JSON.parse(row?.items ?? "");
  expect(new Set(items).size).toBe(items.length);
  expect(items.length).toBeGreaterThan(5);
  expect(items.slice(0, 5)).not.toEqual(listIds(list));
  const { recommendation_id } = list;
  await waitForRows(`shown_lists where recommendation_id = '${recommendation_id}'`, 1);
  const clicked = listIds(list)[2] ?? "";
  letPass(60_000);
  const timestamp = new Date().toISOString();
  await sendAll([makeEvent("select_item", "v1", [clicked], { recommendation_id, timestamp })]);
  await waitForRows("events where name = 'select_item'", 1);
  letPass(5 * 60_000);
  const index = items.indexOf(clicked);
  const shared = listIds(list).filter((id) => items.slice(0, 5).includes(id)).length;
  expect(await readResult("behind")).toEqual({
    kind: "shadow",
    lists: 1,
    failed: 0,
    overlap: shared / 5,
    same_first: listIds(list)[0] === items[0] ? 1 : 0,
    clicks: 1,
    higher: index !== -1 && index < 2 ? 1 : 0,
    lower: index === -1 || index > 2 ? 1 : 0,
    reciprocal_rank: {
      champion: expect.closeTo(1 / 3),
      challenger: expect.closeTo(index === -1 ? 0 : 1 / (index + 1)),
    },
    next_views: 1,
    hit_rate: { champion: 1, challenger: items.slice(0, 5).includes(clicked) ? 1 : 0 },
  });
}, 60_000);

it("says nothing of who refuses to be logged, and gives out and erases what it says of others", async () => {
  await ask("/v1/recommendations?anonymous_id=v2&limit=5&consent=denied");
  await ask("/v1/recommendations?anonymous_id=v3&limit=5");
  await waitForRows("shadow_lists", 2);
  const shoppers = await env.DB.prepare("select distinct shopper from shadow_lists").all();
  expect(shoppers.results).toHaveLength(2);
  const told = await (await call("GET", "/v1/shoppers/v3/export?id_type=anonymous")).text();
  expect(told).toContain('"shadow_list"');
  expect((await call("DELETE", "/v1/shoppers/v3?id_type=anonymous")).status).toBe(200);
  const left = await env.DB.prepare("select count(*) as n from shadow_lists").first();
  expect(left).toEqual({ n: 1 });
}, 60_000);

it("lets a share of shoppers have another version, the same ones each time, and stops when told", async () => {
  await declare("canary", { ...CANARY, traffic: 0.5 }, [true]);
  const byShopper = new Map<string, string | null>();
  for (let i = 4; i < 20; i++) {
    const list = await ask(`/v1/recommendations?anonymous_id=v${i}&limit=5`);
    const again = await ask(`/v1/recommendations?anonymous_id=v${i}&limit=5`);
    expect(again.ranking_version).toBe(list.ranking_version);
    expect(list.ranking_version).toBe(list.items[0]?.variant === "canary" ? "rank-2" : "rank-1");
    byShopper.set(`v${i}`, list.items[0]?.variant ?? null);
  }
  expect(new Set(byShopper.values())).toEqual(new Set([null, "serving", "canary"]));
  await waitForRows("impressions where variant = 'canary' and model_version = 'next-2'", 5);
  // More traffic moves nobody who takes part already.
  await declare("canary", { ...CANARY, traffic: 1 }, [true]);
  for (const [shopper, variant] of byShopper) {
    const list = await ask(`/v1/recommendations?anonymous_id=${shopper}&limit=5`);
    if (variant !== null) expect(list.items[0]?.variant).toBe(variant);
    else expect(list.items[0]?.variant).not.toBe(null);
  }
  await declare("canary", { ...CANARY, status: "stopped" }, [true]);
  for (const shopper of byShopper.keys()) {
    expect(await ask(`/v1/recommendations?anonymous_id=${shopper}&limit=5`)).toMatchObject({
      ranking_version: "rank-1",
    });
  }
}, 60_000);

it("refuses a challenger that will not do, and fixes the files of one that does", async () => {
  const junk = renamePair(challenger, "junk");
  junk.nextItem.files["model.onnx"] = new TextEncoder().encode("no graph");
  await publish(junk.nextItem);
  const named = (models: object) => ({
    ...CANARY,
    surfaces: ["cart"],
    variants: [{ name: "a" }, { name: "b", models }],
  });
  for (const [models, reason] of [
    [{ next_item: "next-junk" }, /model\.onnx of next-junk/],
    [{ next_item: "nowhere" }, /no manifest\.json/],
    [{ ranking: "rank-2" }, /reads next-item model next-2, and next-1/],
    [{}, /names no version/],
  ] as const) {
    const response = await send("PUT", "/v1/experiments/odd", named(models));
    expect([400, 422]).toContain(response.status);
    expect(await response.text()).toMatch(reason);
  }
  const seal = (version: string) =>
    call("PUT", `/v1/models/next-item/${version}/model.onnx`, new Uint8Array(10));
  expect((await seal("next-2")).status).toBe(409);
  expect((await seal("next-junk")).status).toBe(201);
});

it("lets nobody take part where an isolate cannot open what a variant names", async () => {
  // As if the bucket had lost the files after the check.
  const row = { ...CANARY, experiment_id: "lost", metric: "click", surfaces: ["product"] };
  const variants = [{ name: "a" }, { name: "b", models: { next_item: "gone" } }];
  await env.DB.prepare("insert into experiments values ('lost', ?, 1, 1)")
    .bind(JSON.stringify({ ...row, variants }))
    .run();
  await vi.waitFor(
    async () => {
      letPass(NEXT_LOOK);
      const trials = await readTrials();
      expect(trials.find(({ next_item }) => next_item === "gone")?.reason).toMatch(/no manifest/);
    },
    { timeout: 20_000 },
  );
  for (let i = 0; i < 6; i++) {
    const path = `/v1/recommendations?surface=product&item_id=item-1&anonymous_id=v${i}&limit=3`;
    expect(await ask(path)).toMatchObject({ experiment: null, ranking_version: "rank-1" });
  }
  await env.DB.prepare("delete from experiments where experiment_id = 'lost'").run();
}, 60_000);

it("promotes the models of a variant together, and stops the experiment", async () => {
  await declare("behind", { ...SHADOW, status: "stopped" }, []);
  await declare("canary", CANARY, [true]);
  const path = "/v1/experiments/canary/promote";
  expect((await send("POST", path, { variant: "serving" })).status).toBe(422);
  expect((await send("POST", path, { variant: "none" })).status).toBe(404);
  const promoted = await send("POST", path, { variant: "canary" });
  expect(await promoted.json()).toMatchObject({
    next_item: { version: "next-2", history: ["next-1"] },
    ranking: { version: "rank-2", history: ["rank-1"] },
  });
  await vi.waitFor(
    async () => {
      letPass(NEXT_LOOK);
      const list = await ask("/v1/recommendations?anonymous_id=v1&limit=5");
      expect(list.degraded).toEqual([]);
      expect(list).toMatchObject({ experiment: null, ranking_version: "rank-2" });
    },
    { timeout: 20_000 },
  );
  // Cut off half-way, it can be said again.
  expect((await send("POST", path, { variant: "canary" })).status).toBe(200);
}, 60_000);
