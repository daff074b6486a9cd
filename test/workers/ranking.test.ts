// A ranking model beside its next-item model in real workerd: published and promoted in either order, never in a pair
// that does not belong together.
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import {
  NEXT_LOOK,
  promote,
  publish,
  publishPair,
  readHere,
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
  waitForRows,
} from "./support/shop.ts";

const ITEMS = 24;
const VOCABULARY = Array.from({ length: ITEMS }, (_, i) => `item-${i}`);
const ASK = "/v1/recommendations?anonymous_id=a&limit=6";

let first: Pair;
let second: Pair;

/** Asks until the answer is by these two, and gives all that answered on the way: two versions, or one and null. */
async function settle(nextItem: string, ranking: string | null): Promise<Set<string>> {
  const seen = new Set<string>();
  await vi.waitFor(
    async () => {
      letPass(NEXT_LOOK);
      const list = await ask(ASK);
      expect(list.items).toHaveLength(6);
      const by = `${list.model_version} ${list.ranking_version}`;
      seen.add(by);
      expect(by).toBe(`${nextItem} ${ranking}`);
    },
    { timeout: 20_000 },
  );
  return seen;
}

beforeAll(async () => {
  await openShop();
  vi.useFakeTimers({ toFake: ["Date"] });
  await putItems(VOCABULARY.map((item_id) => ({ item_id, category: "all", price: 10 })));
  const trained = await trainPair(VOCABULARY);
  first = renamePair(trained, "1");
  second = renamePair(trained, "2");
  const crowd = Array.from({ length: 20 }, (_, i) =>
    Array.from({ length: 4 }, (_, step) =>
      makeEvent("view_item", `crowd-${i}`, [`item-${(i + step) % ITEMS}`]),
    ),
  );
  const own = ["item-3", "item-4"].map((id) => makeEvent("view_item", "a", [id]));
  await sendAll([...crowd.flat(), ...own]);
  await waitForRows("events where shopper is not null", 82);
}, 120_000);

afterAll(() => vi.useRealTimers());

it("promotes no ranking model without its next-item model, and tells why one alone does not serve", async () => {
  await publish(first.ranking);
  const refused = await send("POST", "/v1/models/ranking/promote", { version: "rank-1" });
  expect([refused.status, await refused.text()]).toEqual([
    422,
    expect.stringContaining("reads next-item model next-1: There is no manifest.json"),
  ]);
  await publish(first.nextItem);
  await promote(first.ranking);
  letPass(NEXT_LOOK);
  await vi.waitFor(async () => {
    expect((await readHere("ranking")).refused[0]?.reason).toMatch(
      /reads next-item model next-1, and none/,
    );
  });
  const list = await ask(ASK);
  expect(list).toMatchObject({ model_version: null, ranking_version: null });
});

it("ranks once its next-item model is promoted too", async () => {
  await promote(first.nextItem);
  await settle("next-1", "rank-1");
  const list = await ask(`${ASK}&explain=1`);
  expect(listIds(list)).toContain("item-5");
  expect(list.degraded).toEqual([]);
  expect(list.items[0]?.features?.map(({ group }) => group)).toContain("next_item");
});

it("goes on with the pair that serves for a while, then by the blend, where only one of two is promoted", async () => {
  await publishPair(second);
  await promote(second.nextItem);
  letPass(NEXT_LOOK);
  await vi.waitFor(async () => {
    expect((await readHere("ranking")).refused[0]).toMatchObject({
      version: "rank-1",
      reason: expect.stringMatching(/reads next-item model next-1, and next-2 serves/),
    });
  });
  const between = await ask(ASK);
  expect(between).toMatchObject({
    model_version: "next-1",
    ranking_version: "rank-1",
    degraded: [],
  });
  const seen = await settle("next-2", null);
  expect(seen).not.toContain("next-2 rank-1");
  expect((await ask(ASK)).degraded).toEqual(["model"]);
  await promote(second.ranking);
  await settle("next-2", "rank-2");
}, 60_000);

it("swaps from pair to pair with no answer that is not by a pair", async () => {
  // The ranking model first, the other way round than promotions.
  expect((await call("POST", "/v1/models/ranking/rollback")).status).toBe(200);
  expect((await call("POST", "/v1/models/next-item/rollback")).status).toBe(200);
  const seen = await settle("next-1", "rank-1");
  await promote(second.nextItem);
  await promote(second.ranking);
  for (const by of [...seen, ...(await settle("next-2", "rank-2"))]) {
    expect(["next-1 rank-1", "next-2 rank-2"]).toContain(by);
  }
  await promote(first.ranking);
  await promote(first.nextItem);
  await settle("next-1", "rank-1");
}, 60_000);

it("ranks an item that came a moment ago among the others", async () => {
  await putItems([{ item_id: "brand-new", category: "all", price: 10 }]);
  letPass(NEXT_LOOK);
  await vi.waitFor(async () => {
    const list = await ask("/v1/recommendations?anonymous_id=a&limit=30");
    expect(list).toMatchObject({ ranking_version: "rank-1" });
    expect(listIds(list)).toContain("brand-new");
  });
});
