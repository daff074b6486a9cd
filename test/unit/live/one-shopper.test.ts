// What one shopper, or the few of a hundred that are programs, can do to what everybody sees: nothing.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { Catalog } from "../../../src/catalog/catalog.ts";
import { LiveIndex } from "../../../src/live/live-index.ts";
import type { TailRow } from "../../../src/live/tail-row.ts";
import { changedItem } from "../../support/changed-item.ts";

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 0, 15, 12);
const ITEMS = 80;
const NO_VISIT = { country: null, device: null, referrer: null };

type Act = { shopper: string; name: string; item: string; at?: number; country?: string };

function openShop() {
  const catalog = new Catalog();
  catalog.apply(Array.from({ length: ITEMS }, (_, i) => changedItem(`i${i}`, i + 1)));
  const live = new LiveIndex(catalog);
  const act = (acts: readonly Act[]) =>
    live.observe(acts.map((each, i) => toRow(live.cursor + 1 + i, each)));
  return { catalog, live, act };
}

function toRow(seq: number, { shopper, name, item, at = NOW, country = "DE" }: Act): TailRow {
  return {
    seq,
    shopper,
    name,
    item_id: item,
    event_id: `e${seq}`,
    timestamp: at,
    session_id: `${shopper}-${seq % 3}`,
    linked_from: null,
    transaction_id: null,
    item_variant: null,
    ...NO_VISIT,
    country,
  };
}

/** Each looks at some items, the first ones more often, and lays one of them in the cart. */
function shopDay(shoppers: number): Act[] {
  return Array.from({ length: shoppers }, (_, s) => {
    const shopper = `s${s}`;
    const items = [0, 1, 2, 3].map(
      (step) => `i${Math.floor(((s * 7 + step * 13) % 60) / (1 + (s % 3)))}`,
    );
    const views = items.map((item): Act => ({ shopper, name: "view_item", item }));
    return [
      ...views,
      { shopper, name: "add_to_cart", item: items[0] ?? "" },
      { shopper, name: "add_to_cart", item: items[1] ?? "" },
    ];
  }).flat();
}

function everyList({ catalog, live }: ReturnType<typeof openShop>) {
  const anchors = ["i0", "i1", "i5"].map((id) => [catalog.find(id)]);
  return {
    trending: live.trending.rankAll().map((item) => catalog.ids[item]),
    here: live.segments.list({ ...NO_VISIT, country: "DE" }),
    boughtTogether: anchors.map((anchor) =>
      live.propose("boughtTogether", anchor, 20).map(({ item }) => item),
    ),
    coVisitation: anchors.map((anchor) =>
      live.propose("coVisitation", anchor, 20).map(({ item }) => item),
    ),
    sessionKnn: anchors.map((anchor) =>
      live.propose("sessionKnn", anchor, 20).map(({ item }) => item),
    ),
  };
}

const OBSCURE = "i79";

it.each([
  ["views it 500 times", 500, "view_item", 1],
  ["buys it 500 times on one day", 500, "purchase", 1],
  ["buys it each day of a year", 365, "purchase", DAY],
])("changes no list where one of a hundred %s", (_, times, name, apart) => {
  const shop = openShop();
  shop.act(shopDay(100));
  const before = everyList(shop);
  shop.act(
    Array.from({ length: times }, (_, i) => ({
      shopper: "bot",
      name,
      item: OBSCURE,
      at: NOW - i * apart,
    })),
  );
  expect(everyList(shop)).toEqual(before);
  expect(before.trending.length).toBeGreaterThan(5);
});

it("pairs no item with what sells because one of a hundred keeps buying both", () => {
  const shop = openShop();
  shop.act(shopDay(100));
  const before = everyList(shop);
  shop.act(
    Array.from({ length: 300 }, (_, i): Act => ({
      shopper: "bot",
      name: "add_to_cart",
      item: i % 2 ? OBSCURE : "i0",
    })),
  );
  expect(everyList(shop).boughtTogether).toEqual(before.boughtTogether);
  const after = everyList(shop);
  const obscure = shop.catalog.find(OBSCURE);
  expect([...after.sessionKnn, ...after.coVisitation].flat()).not.toContain(obscure);
});

it("trends nothing because one in a hundred of many shoppers are programs that agree on it", () => {
  const shop = openShop();
  shop.act(shopDay(1000));
  const before = everyList(shop).trending;
  shop.act(
    Array.from({ length: 10 }, (_, i) => ({ shopper: `bot${i}`, name: "purchase", item: OBSCURE })),
  );
  expect(everyList(shop).trending).toEqual(before);
});

it("lets nobody make a list for a country by being the only one from there", () => {
  const shop = openShop();
  shop.act(shopDay(100));
  shop.act(
    Array.from({ length: 200 }, (_, i) => ({
      shopper: "bot",
      name: "view_item",
      item: `i${i % 70}`,
      country: "NZ",
    })),
  );
  expect(shop.live.segments.list({ ...NO_VISIT, country: "NZ" })).toEqual([]);
});

it("keeps the segments of many shoppers where one makes others up", () => {
  const shop = openShop();
  shop.act(shopDay(100));
  const before = everyList(shop).here;
  shop.act(
    Array.from({ length: 500 }, (_, i) => ({
      shopper: `bot${i}`,
      name: "view_item",
      item: "i3",
      country: `c${i}`,
    })),
  );
  expect(before).toHaveLength(1);
  expect(everyList(shop).here).toEqual(before);
});

it("trends in a shop of few shoppers what any of them cares for", () => {
  const shop = openShop();
  shop.act([
    { shopper: "a", name: "view_item", item: "i7", at: NOW - 5 * DAY },
    { shopper: "b", name: "purchase", item: "i9" },
  ]);
  expect(everyList(shop).trending).toEqual(["i9", "i7"]);
});

it("counts a sender as one: its hundred views weigh as much as another's one", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("view_item", "select_item", "add_to_cart", "purchase"), {
        minLength: 1,
        maxLength: 60,
      }),
      (names) => {
        const many = openShop();
        many.act(names.map((name) => ({ shopper: "a", name, item: "i1" })));
        const strongest = openShop();
        const byStrength = ["purchase", "add_to_cart", "select_item", "view_item"] as const;
        const best = byStrength.find((name) => names.includes(name));
        strongest.act([{ shopper: "a", name: best ?? "", item: "i1" }]);
        const weigh = ({ catalog, live }: typeof many) => live.trending.weigh(catalog.find("i1"));
        expect(weigh(many)).toBeCloseTo(weigh(strongest), 9);
      },
    ),
  );
});

it("gives unknown items no room, and the new ones of the catalogue theirs", () => {
  const shop = openShop();
  shop.act(shopDay(100));
  const { size } = shop.catalog;
  for (let part = 0; part < 42; part++) {
    shop.act(
      Array.from({ length: 10_000 }, (_, i) => ({
        shopper: "bot",
        name: "view_item",
        item: `junk-${part}-${i}`,
      })),
    );
  }
  expect(shop.catalog.size).toBe(size);
  shop.act([1, 2, 3].map((s) => ({ shopper: `n${s}`, name: "purchase", item: "late" })));
  shop.catalog.apply([changedItem("late", 1000)]);
  shop.act([{ shopper: "n4", name: "purchase", item: "late" }]);
  expect(everyList(shop).trending).toContain("late");
});
