// Category pages, lists to reorder, pages of a list and explanations, in real workerd.
import { env } from "cloudflare:workers";
import { beforeAll, expect, it, vi } from "vitest";
import {
  ask,
  call,
  listIds,
  makeEvent,
  openShop,
  putItems,
  sendAll,
  turnTheClock,
  waitForRows,
} from "./support/shop.ts";
import type { List } from "./support/shop.ts";

const JSON_TYPE = { "content-type": "application/json" };

beforeAll(async () => {
  await openShop();
  const make = (kind: string, category: string) =>
    Array.from({ length: 30 }, (_, i) => ({
      item_id: `${kind}-${i}`,
      title: `${kind} ${i}`,
      category,
      price: 10 + i,
    }));
  await putItems([...make("shoe", "shoes"), ...make("lamp", "home.lamps")]);
  const crowd = Array.from({ length: 40 }, (_, i) => {
    const country = i % 2 === 0 ? "NL" : "DE";
    const context = { country, device: "mobile" };
    const favourite = country === "NL" ? "lamp-3" : "shoe-9";
    return [
      makeEvent("view_item", `crowd-${i}`, ["shoe-1"], { context }),
      makeEvent("view_item", `crowd-${i}`, [`shoe-${2 + (i % 3)}`], { context }),
      makeEvent("add_to_cart", `crowd-${i}`, [favourite], { context }),
    ];
  }).flat();
  await sendAll(crowd);
  await waitForRows("events", crowd.length);
}, 60_000);

turnTheClock();

async function rerank(body: object): Promise<List & { unknown: string[] }> {
  const response = await call("POST", "/v1/rerank", JSON.stringify(body), "pk_test", JSON_TYPE);
  expect(response.status, await response.clone().text()).toBe(200);
  return await response.json();
}

it("gives a category page its own items, those that trend in it first", async () => {
  const list = await ask("/v1/recommendations?surface=category&category=shoes&limit=30");
  expect(listIds(list)).toHaveLength(30);
  expect(listIds(list).every((id) => id.startsWith("shoe-"))).toBe(true);
  expect(listIds(list).slice(0, 3)).toEqual(expect.arrayContaining(["shoe-1", "shoe-9"]));
  const response = await call("GET", "/v1/recommendations?surface=category", undefined, "pk_test");
  expect(response.status).toBe(400);
});

it("pages on without repeating, under one id, and logs the positions in turn", async () => {
  const first = await ask("/v1/recommendations?anonymous_id=paula&limit=7");
  const second = await ask(
    `/v1/recommendations?anonymous_id=paula&limit=7&cursor=${first.next_cursor}`,
  );
  expect(second.recommendation_id).toBe(first.recommendation_id);
  const ids = [...listIds(first), ...listIds(second)];
  expect(new Set(ids).size).toBe(14);
  await vi.waitFor(
    async () => {
      const { results } = await env.DB.prepare(
        "select item_id from impressions where recommendation_id = ? order by position",
      )
        .bind(first.recommendation_id)
        .all<{ item_id: string }>();
      expect(results.map(({ item_id }) => item_id)).toEqual(ids);
    },
    { timeout: 20_000, interval: 100 },
  );
  const forged = await call("GET", "/v1/recommendations?cursor=nonsense", undefined, "pk_test");
  expect(forged.status).toBe(400);
}, 30_000);

it("puts a search result in the shopper's order, and adds and loses nothing", async () => {
  await sendAll([makeEvent("view_item", "rosa", ["shoe-1"])]);
  const found = [
    ...Array.from({ length: 20 }, (_, i) => `lamp-${i}`),
    "shoe-2",
    "no such item",
    "lamp-1",
  ];
  const items = found.map((item_id) => ({ item_id }));
  const list = await rerank({ anonymous_id: "rosa", items, explain: true });
  expect(listIds(list).toSorted()).toEqual(
    [...new Set(found.filter((id) => id !== "no such item"))].toSorted(),
  );
  expect(list.unknown).toEqual(["no such item"]);
  expect(list.personal).toBe(true);
  expect(listIds(list).indexOf("shoe-2")).toBeLessThan(10);
  const parts = list.items[0]?.contributions ?? [];
  expect(parts.map(({ source }) => source)).toContain("relevance");
  const sum = parts.reduce((total, { contribution }) => total + contribution, 0);
  expect(sum).toBeCloseTo(list.items[0]?.score ?? 0, 9);
  const stranger = await rerank({
    items: [
      { item_id: "lamp-9", score: 1 },
      { item_id: "lamp-8", score: 2 },
    ],
  });
  expect(listIds(stranger)).toEqual(["lamp-8", "lamp-9"]);
});

it("takes 500 ids and no more", async () => {
  const items = (length: number) => Array.from({ length }, (_, i) => ({ item_id: `lamp-${i}` }));
  const list = await rerank({ items: items(500) });
  expect(list.items).toHaveLength(30);
  expect(list.unknown).toHaveLength(470);
  for (const body of [{ items: items(501) }, { items: [] }, { items: [{ item_id: "" }] }]) {
    const refused = await call("POST", "/v1/rerank", JSON.stringify(body), "pk_test", JSON_TYPE);
    expect(refused.status).toBe(400);
  }
});

it("goes by where a new visitor comes from", async () => {
  const dutch = await ask("/v1/recommendations?country=nl&limit=3");
  expect(dutch.items.find(({ item_id }) => item_id === "lamp-3")?.reason.code).toBe("popular_here");
  const german = await ask("/v1/recommendations?country=DE&limit=3");
  expect(listIds(german)).toContain("shoe-9");
  expect(listIds(german)).not.toContain("lamp-3");
  expect(listIds(dutch)).not.toContain("shoe-9");
});
