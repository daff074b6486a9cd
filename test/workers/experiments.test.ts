// An experiment from its declaration to its verdict, in real workerd.
import { beforeAll, expect, it } from "vitest";
import {
  ask,
  call,
  letPassLongIdle,
  listIds,
  makeEvent,
  openShop,
  putItems,
  sendAll,
  turnTheClock,
  waitForRows,
} from "./support/shop.ts";

beforeAll(async () => {
  await openShop();
  await putItems(
    Array.from({ length: 20 }, (_, i) => ({ item_id: `item-${i}`, title: `Item ${i}`, price: 10 })),
  );
}, 60_000);

turnTheClock();

async function declare(id: string, experiment: object): Promise<Response> {
  const type = { "content-type": "application/json" };
  return await call("PUT", `/v1/experiments/${id}`, JSON.stringify(experiment), "sk_test", type);
}

const TWO = [
  { name: "plain" },
  { name: "pinned", policy: { pinned: [{ item_id: "item-13", position: 0 }] } },
];
const SPLIT = { status: "running", surfaces: ["home"], variants: TWO, metric: "conversion" };

it("shows each shopper one variant, again and again, and counts what came of it", async () => {
  expect((await declare("pins", SPLIT)).status).toBe(200);
  letPassLongIdle();
  const seen = new Map<string, string>();
  for (let i = 0; i < 24; i++) {
    const path = `/v1/recommendations?anonymous_id=v${i}&limit=2`;
    const list = await ask(path);
    const isPinned = listIds(list)[0] === "item-13";
    expect(list).toMatchObject({ experiment: "pins" });
    expect(listIds(await ask(path))[0] === "item-13").toBe(isPinned);
    seen.set(`v${i}`, isPinned ? "pinned" : "plain");
  }
  expect(new Set(seen.values())).toEqual(new Set(["plain", "pinned"]));
  expect((await ask("/v1/recommendations?limit=2")).items).toHaveLength(2);
  await waitForRows("impressions where experiment = 'pins'", 24 * 4);
  const buyers = [...seen].filter(([, variant]) => variant === "pinned").map(([id]) => id);
  await sendAll(
    buyers.map((id) =>
      makeEvent("purchase", id, ["item-13"], {
        timestamp: new Date().toISOString(),
        items: [{ item_id: "item-13", price: 10, quantity: 2 }],
        transaction_id: `t-${id}`,
      }),
    ),
  );
  await waitForRows("events", buyers.length);
  letPassLongIdle();
  const answer = await (await call("GET", "/v1/experiments/pins")).json<{ result: object }>();
  expect(answer.result).toMatchObject({
    kind: "split",
    crossed: 0,
    verdict: "too_early",
    variants: [
      { variant: "plain", shoppers: 24 - buyers.length, means: { conversion: 0, revenue: 0 } },
      { variant: "pinned", shoppers: buyers.length, means: { conversion: 1, revenue: 20 } },
    ],
    sample_ratio: { mismatch: false },
  });
}, 60_000);

it("lets one experiment at a time run on a surface", async () => {
  expect((await declare("rival", { ...SPLIT, surfaces: ["cart", "home"] })).status).toBe(409);
  expect((await declare("rival", { ...SPLIT, surfaces: ["cart"] })).status).toBe(200);
  expect((await declare("pins", { ...SPLIT, status: "stopped" })).status).toBe(200);
  letPassLongIdle();
  expect(await ask("/v1/recommendations?anonymous_id=v1")).toMatchObject({ experiment: null });
  const { experiments } = await (
    await call("GET", "/v1/experiments")
  ).json<{ experiments: object[] }>();
  expect(experiments).toHaveLength(2);
  expect((await call("GET", "/v1/experiments/none")).status).toBe(404);
  expect((await declare("odd", { ...SPLIT, variants: TWO.slice(0, 1) })).status).toBe(400);
});

it("drafts one list from two rankings and credits what is clicked to its team", async () => {
  const variants = [
    { name: "first", policy: { boosts: [{ factor: 50, item_ids: ["item-1"] }] } },
    { name: "second", policy: { boosts: [{ factor: 50, item_ids: ["item-2"] }] } },
  ];
  const mixed = {
    ...SPLIT,
    kind: "interleaving",
    surfaces: ["product"],
    metric: "click",
    variants,
  };
  expect((await declare("teams", mixed)).status).toBe(200);
  await sendAll(
    Array.from({ length: 6 }, (_, i) => [
      makeEvent("view_item", `crowd-${i}`, ["item-0"]),
      makeEvent("view_item", `crowd-${i}`, [`item-${1 + (i % 3)}`]),
    ]).flat(),
  );
  await waitForRows("events where shopper is not null", 12);
  letPassLongIdle();
  const list = await ask(
    "/v1/recommendations?surface=product&item_id=item-0&anonymous_id=ida&limit=10",
  );
  const teams = new Map(list.items.map((item) => [item.item_id, item.variant]));
  expect(teams.get("item-1")).toBe("first");
  expect(teams.get("item-2")).toBe("second");
  await waitForRows("impressions where experiment = 'teams'", 2);
  const { recommendation_id } = list;
  await sendAll([
    makeEvent("select_item", "ida", ["item-2"], {
      recommendation_id,
      timestamp: new Date().toISOString(),
    }),
  ]);
  await waitForRows("events where name = 'select_item'", 1);
  letPassLongIdle();
  const answer = await (await call("GET", "/v1/experiments/teams")).json<{ result: object }>();
  expect(answer.result).toMatchObject({
    kind: "interleaving",
    shoppers: 1,
    wins: { control: 0, other: 1 },
    verdict: "no_difference_yet",
  });
}, 60_000);
