// Rules declared over the API change what every surface shows within seconds.
import { env } from "cloudflare:workers";
import { beforeAll, expect, it, vi } from "vitest";
import {
  ask,
  call,
  letPass,
  letPassLongIdle,
  listIds,
  makeEvent,
  openShop,
  putItems,
  sendAll,
  turnTheClock,
} from "./support/shop.ts";

const NEXT_LOOK = 2500;

beforeAll(async () => {
  await openShop();
  await putItems(
    Array.from({ length: 40 }, (_, i) => ({
      item_id: `item-${i}`,
      title: `Item ${i}`,
      category: i % 2 === 0 ? "even" : "odd",
      brand: `brand-${i % 4}`,
      price: 10 + i,
      attributes: { colour: i % 5 === 0 ? "red" : "blue", sizes: ["s", i < 20 ? "m" : "l"] },
    })),
  );
}, 60_000);

turnTheClock();

async function declare(surface: string, rules: object): Promise<Response> {
  const type = { "content-type": "application/json" };
  return await call("PUT", `/v1/rules/${surface}`, JSON.stringify(rules), "sk_test", type);
}

it("takes effect within seconds, and is told as it was declared", async () => {
  const path = "/v1/recommendations?surface=home&limit=40";
  expect((await ask(path)).items).toHaveLength(40);
  const rules = {
    filters: { categories: ["even"], attributes: { colour: ["red"] }, max_price: 45.5 },
    exclude: ["item-10"],
    pinned: [{ item_id: "item-20", position: 0 }],
  };
  expect((await declare("home", rules)).status).toBe(200);
  letPass(NEXT_LOOK);
  await ask(path);
  await vi.waitFor(async () => {
    expect(listIds(await ask(path))).toEqual(["item-20", "item-0", "item-30"]);
  });
  const told = await (await call("GET", "/v1/rules/home")).json<{ rules: object }>();
  expect(told.rules).toEqual(rules);
  const [first] = (await ask(path)).items;
  expect(first).toMatchObject({ source: "pinned", reason: { code: "chosen_by_shop" } });
  expect((await ask("/v1/trending?limit=40")).items).toHaveLength(40);
  await declare("home", {});
  letPassLongIdle();
  expect((await ask(path)).items).toHaveLength(40);
});

it("lets a request narrow a rule, never widen it", async () => {
  await declare("product", { filters: { min_price: 20, max_price: 30 }, exclude: ["item-12"] });
  letPassLongIdle();
  const path = "/v1/recommendations?surface=product&limit=40";
  expect(listIds(await ask(`${path}&min_price=1&max_price=1000`))).toHaveLength(10);
  expect(listIds(await ask(`${path}&min_price=29`)).toSorted()).toEqual(["item-19", "item-20"]);
  await declare("product", {});
});

it("keeps what was bought out, where the shop says so", async () => {
  await sendAll([makeEvent("purchase", "olga", ["item-3"], { transaction_id: "t-olga" })]);
  const path = "/v1/recommendations?surface=home&seen=allow&anonymous_id=olga&limit=40";
  expect(listIds(await ask(path))).toContain("item-3");
  const usual = "/v1/recommendations?surface=home&anonymous_id=olga&limit=40";
  expect(listIds(await ask(usual))).not.toContain("item-3");
  await declare("home", { bought: "exclude" });
  letPassLongIdle();
  expect(listIds(await ask(path))).not.toContain("item-3");
  expect(listIds(await ask("/v1/recommendations?surface=home&limit=40"))).toContain("item-3");
  await declare("home", {});
});

it("refuses rules that make no sense, and callers who may not", async () => {
  for (const rules of [{ diversity: 3 }, { nonsense: 1 }, { boosts: [{ factor: 2 }] }, []]) {
    expect((await declare("home", rules)).status).toBe(400);
  }
  expect((await declare("moon", {})).status).toBe(400);
  expect((await call("GET", "/v1/rules/home", undefined, "pk_test")).status).toBe(403);
});

it.each([
  ["a price beyond any", { exclude: ["item-1"], filters: { max_price: 1e307 } }],
  ["a price that is none", { filters: { min_price: -1 } }],
  ["bounds that nothing is within", { filters: { min_price: 9, max_price: 3 } }],
  ["half a character", { exclude: ["\ud800"] }],
  ["a factor beyond any", { boosts: [{ factor: 1e9, brand: "brand-1" }] }],
])("refuses %s, and the rules of before go on", async (_, rules) => {
  expect((await declare("home", { exclude: ["item-7"] })).status).toBe(200);
  const refused = await declare("home", rules);
  expect(refused.status).toBe(400);
  letPass(NEXT_LOOK);
  await vi.waitFor(async () => {
    const list = await ask("/v1/recommendations?surface=home&limit=40");
    expect(listIds(list)).not.toContain("item-7");
    expect(list.degraded).not.toContain("rules");
  });
});

it("goes on by the last rules that could be read, and says so on their surface alone", async () => {
  await declare("cart", { exclude: ["item-8"] });
  const path = "/v1/recommendations?surface=cart&limit=40";
  letPass(NEXT_LOOK);
  await vi.waitFor(async () => expect(listIds(await ask(path))).not.toContain("item-8"));
  // As a later version, or a hand, might have written it.
  await env.DB.prepare("update surface_rules set body = ? where surface = 'cart'")
    .bind('{"exclude": ["item-9"], "only_on_sundays": true}')
    .run();
  await vi.waitFor(
    async () => {
      letPass(NEXT_LOOK);
      const list = await ask(path);
      expect(list.degraded).toContain("rules");
      expect(listIds(list)).not.toContain("item-8");
    },
    { timeout: 10_000 },
  );
  expect((await ask("/v1/recommendations?surface=home")).degraded).not.toContain("rules");
  const stored = await call("GET", "/v1/rules/cart");
  expect(stored.status).toBe(422);
  expect((await declare("cart", {})).status).toBe(200);
  await vi.waitFor(
    async () => {
      letPass(NEXT_LOOK);
      expect((await ask(path)).degraded).not.toContain("rules");
    },
    { timeout: 10_000 },
  );
});
