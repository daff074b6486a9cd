import * as fc from "fast-check";
import { expect, it } from "vitest";
import { Catalog, DELETED, LISTED, UNLISTED } from "../../../src/catalog/catalog.ts";
import { changedItem } from "../../support/changed-item.ts";

/** What can be seen of an item from outside. */
function show(catalog: Catalog, id: string) {
  const item = catalog.find(id);
  return {
    status: catalog.status[item],
    title: catalog.titles.get(item),
    url: catalog.urls.get(item),
    category: catalog.categories.texts[catalog.category[item] ?? -1],
    price: catalog.price[item],
    stock: catalog.stock[item],
  };
}

it("ends in the newest state of each item, in whatever order and however often rows come", () => {
  const change = fc.record({
    item_id: fc.constantFrom("a", "b", "c", "__proto__"),
    title: fc.option(fc.string()),
    url: fc.option(fc.webUrl()),
    category: fc.option(fc.constantFrom("x", "y")),
    price: fc.option(fc.nat()),
    stock: fc.option(fc.nat({ max: 5 })),
    deleted: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(change), fc.infiniteStream(fc.nat()), (changes, random) => {
      const rows = changes.map((each, i) => changedItem(each.item_id, i + 1, each));
      const inOrder = new Catalog();
      inOrder.apply(rows);
      const shuffled = new Catalog();
      const keyed = [...rows, ...rows].map((each) => ({ each, key: random.next().value ?? 0 }));
      shuffled.apply(keyed.sort((a, b) => a.key - b.key).map(({ each }) => each));
      for (const { item_id } of rows)
        expect(show(shuffled, item_id)).toEqual(show(inOrder, item_id));
      expect(shuffled.listed).toBe(inOrder.listed);
      expect(shuffled.cursor).toBe(inOrder.cursor);
    }),
  );
});

it("keeps an item's number through deletion and return, and counts what is for sale", () => {
  const catalog = new Catalog();
  const item = catalog.intern("a");
  expect(catalog.status[item]).toBe(UNLISTED);
  catalog.apply([changedItem("a", 1)]);
  expect(catalog.listed).toBe(1);
  catalog.apply([changedItem("a", 2, { deleted: true })]);
  expect([catalog.status[item], catalog.listed]).toEqual([DELETED, 0]);
  catalog.apply([changedItem("a", 3)]);
  expect([catalog.status[item], catalog.listed, catalog.find("a")]).toEqual([LISTED, 1, item]);
});

it("matches a category and everything below it, but not its namesakes", () => {
  const catalog = new Catalog();
  const names = ["home", "home.lamps", "home/chairs", "home > rugs", "homeware", "sport"];
  catalog.apply(names.map((category, i) => changedItem(`i${i}`, i + 1, { category })));
  const matching = (name: string) =>
    names.filter((_, code) => catalog.matchCategory(name)[code] === 1);
  expect(matching("home")).toEqual(["home", "home.lamps", "home/chairs", "home > rugs"]);
  expect(matching("nowhere")).toEqual([]);
  catalog.apply([changedItem("late", 99, { category: "home.beds" })]);
  expect(catalog.matchCategory("home")[catalog.categories.find("home.beds")]).toBe(1);
});

it("calls new only what came after nearly all the rest", () => {
  const catalog = new Catalog();
  catalog.apply(
    Array.from({ length: 100 }, (_, i) => changedItem(`old-${i}`, i + 1, { created_at: 5 })),
  );
  expect(catalog.newest).toEqual([]);
  catalog.apply([
    changedItem("new-1", 200, { created_at: 6 }),
    changedItem("new-2", 201, { created_at: 7 }),
  ]);
  expect(catalog.newest.map((item) => catalog.ids[item])).toEqual(["new-2", "new-1"]);
  catalog.apply([changedItem("new-2", 202, { created_at: 7, deleted: true })]);
  expect(catalog.newest.map((item) => catalog.ids[item])).toEqual(["new-1"]);
});
