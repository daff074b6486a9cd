// The search of the shop, in real D1: what is found, for whom in which order, and how it keeps up with the catalogue.
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { learnHour } from "../../src/search/learn-clicks.ts";
import { indexItems } from "../../src/search/index-items.ts";
import { runBatch } from "../../src/d1/run-batch.ts";
import {
  type List,
  call,
  listIds,
  makeEvent,
  openShop,
  putItems,
  sendAll,
  waitForRows,
} from "./support/shop.ts";

const ITEMS = [
  {
    item_id: "tent",
    title: "Zelt Wanderer",
    category: "outdoor.tents",
    brand: "Alpin",
    price: 200,
  },
  {
    item_id: "boots",
    title: "Wanderschuhe für Damen",
    category: "outdoor.shoes",
    brand: "Alpin",
    price: 120,
  },
  {
    item_id: "sandal",
    title: "Sandale",
    category: "outdoor.shoes",
    brand: "Plein",
    price: 40,
    description: "Für den Strand, nicht zum Wandern.",
  },
  {
    item_id: "crème",
    title: "Crème brûlée dish",
    category: "kitchen",
    price: 12.5,
    attributes: { material: "Porcelain" },
  },
  { item_id: "tower", title: "東京タワーの模型", category: "toys", price: 30 },
  { item_id: "hidden", title: "Zelt Geheim", category: "outdoor.tents", price: 1, hidden: true },
  { item_id: "sold-out", title: "Zelt Klassik", category: "outdoor.tents", price: 90, stock: 0 },
];

type Answer = List & {
  corrected: string | null;
  complete: boolean;
  total: number;
  facets: { categories: object[]; brands: object[]; price: object | null };
};

async function search(q: string, more = ""): Promise<Answer> {
  const path = `/v1/search?q=${encodeURIComponent(q)}${more}`;
  const response = await call("GET", path, undefined, "pk_test");
  expect(response.status).toBe(200);
  return await response.json<Answer>();
}

const find = async (q: string, more = "") => listIds(await search(q, more));

async function indexAll(): Promise<void> {
  while (!(await indexItems(env.DB)).done);
}

beforeAll(async () => {
  await openShop();
  await putItems(ITEMS);
  await indexAll();
});

describe("finds", () => {
  it.each([
    ["a word of the title", "wanderschuhe", ["boots"]],
    ["without accents", "creme brulee", ["crème"]],
    ["a word not typed to its end", "wanders", ["boots"]],
    ["a slip of the finger", "wanderschuhr", ["boots"]],
    ["two letters swapped", "snadale", ["sandal"]],
    ["a brand and a category together", "alpin tents", ["tent"]],
    ["the shop's own facts", "porcelain", ["crème"]],
    ["a script without spaces", "タワー", ["tower"]],
    ["an id", "tower", ["tower"]],
    ["what is in stock alone, and nothing hidden", "zelt", ["tent"]],
    ["nothing", "submarine", []],
    ["nothing in signs", '!!! " OR *', []],
  ])("%s", async (_, q, ids) => expect(await find(q)).toEqual(ids));

  it("the title before the description", async () => {
    expect(await find("wandern")).toEqual(["sandal"]);
    expect((await find("schuhe strand")).length).toBeGreaterThan(0);
  });

  it("some of the words where nothing has all, and says so", async () => {
    const answer = await search("zelt porcelain");
    expect(answer.complete).toBe(false);
    expect(listIds(answer).toSorted()).toEqual(["crème", "tent"]);
  });

  it("says what it looked for instead", async () => {
    expect((await search("wanderschuhr")).corrected).toBe("wanderschuhe");
    expect((await search("wanderschuhe")).corrected).toBeNull();
  });
});

it("tells categories, brands and prices of what it found, and keeps to a filter", async () => {
  const { facets, total } = await search("alpin");
  expect(total).toBe(2);
  expect(facets).toEqual({
    categories: expect.arrayContaining([
      { value: "outdoor.tents", items: 1 },
      { value: "outdoor.shoes", items: 1 },
    ]),
    brands: [{ value: "Alpin", items: 2 }],
    price: { min: 120, max: 200 },
  });
  expect(await find("alpin", "&category=outdoor.shoes")).toEqual(["boots"]);
  expect(await find("alpin", "&max_price=150")).toEqual(["boots"]);
});

it("gives a reason, and pages that do not repeat", async () => {
  const first = await search("alpin", "&limit=1&anonymous_id=anna");
  expect(first.items[0]?.reason.code).toBe("search_result");
  const rest = await search("alpin", `&limit=1&cursor=${first.next_cursor ?? ""}`);
  expect(new Set([...listIds(first), ...listIds(rest)])).toEqual(new Set(["tent", "boots"]));
});

it("leaves out neither what lies in the cart nor another variant of it", async () => {
  await putItems([{ item_id: "tent-red", title: "Zelt Wanderer rot", item_group_id: "tents" }]);
  await putItems([{ item_id: "tent-blue", title: "Zelt Wanderer blau", item_group_id: "tents" }]);
  await indexAll();
  await sendAll([makeEvent("add_to_cart", "carl", ["tent-red"])]);
  const found = await find("wanderer", "&anonymous_id=carl");
  expect(found.toSorted()).toEqual(["tent", "tent-blue", "tent-red"]);
  const items = found.map((item_id) => ({ item_id }));
  const type = { "content-type": "application/json" };
  const body = JSON.stringify({ anonymous_id: "carl", items });
  const again = await (await call("POST", "/v1/rerank", body, "pk_test", type)).json<List>();
  expect(listIds(again).toSorted()).toEqual(found.toSorted());
});

it("hears of an item within seconds, of its new name and of its end", async () => {
  await putItems([{ item_id: "boat-7", title: "Kajak" }]);
  await vi.waitFor(async () => expect(await find("kajak")).toEqual(["boat-7"]), {
    timeout: 10_000,
  });
  await putItems([{ item_id: "boat-7", title: "Faltboot" }]);
  await vi.waitFor(async () => expect(await find("faltboot")).toEqual(["boat-7"]), {
    timeout: 10_000,
  });
  expect((await search("kajak")).total).toBe(0);
  await call("DELETE", "/v1/items/boat-7");
  await vi.waitFor(async () => expect((await search("faltboot")).total).toBe(0), {
    timeout: 10_000,
  });
});

it("leaves an item alone whose words are the same", async () => {
  await indexAll();
  await putItems([{ item_id: "tent", stock: 7 }]);
  expect((await indexItems(env.DB)).items).toBe(0);
});

it("learns each hour once its stragglers are in, by the job", async () => {
  const run = async () =>
    await (
      await call("POST", "/v1/jobs/learn-searches/run")
    ).json<{ status: string; slices: number }>();
  const first = await run();
  expect(first.status).toBe("done");
  expect(first.slices).toBeGreaterThan(150);
  expect(await run()).toMatchObject({ status: "done", slices: 1 });
});

it("learns what different shoppers go on to, however often one of them does", async () => {
  const visit = (who: string, item: string) => [
    makeEvent("search", who, [], { search_term: "Notunterkunft" }),
    makeEvent("view_item", who, [item]),
  ];
  const events = [
    ...visit("anna", "tent"),
    ...visit("ben", "tent"),
    ...["1", "2", "3"].flatMap(() => visit("eve", "sandal")),
  ];
  await sendAll(events);
  await waitForRows("events", events.length);
  const hour = 3_600_000;
  for (const at of [Date.now() - hour, Date.now()]) {
    const from = Math.floor(at / hour) * hour;
    for (const _ of ["once", "again"])
      await runBatch(env.DB, (await learnHour(env.DB, from)).writes);
  }
  expect(await find("notunterkunft")).toEqual(["tent"]);
});
