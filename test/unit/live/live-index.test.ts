import * as fc from "fast-check";
import { expect, it } from "vitest";
import { toCatalogItem } from "../../../src/catalog/catalog-item.ts";
import { Catalog } from "../../../src/catalog/catalog.ts";
import { LiveIndex } from "../../../src/live/live-index.ts";
import type { TailRow } from "../../../src/live/tail-row.ts";
import { HALF_LIFE, Trending } from "../../../src/live/trending.ts";

function createIndex(): { catalog: Catalog; live: LiveIndex } {
  const catalog = new Catalog();
  for (const id of ["x", "y", "z", "seen", "left", "right"]) catalog.intern(id);
  return { catalog, live: new LiveIndex(catalog) };
}

/** A view by somebody who did nothing else. */
const VIEW = { weight: 1, shoppers: 1, everybody: 1 } as const;

function row(
  seq: number,
  name: string,
  shopper: string,
  item_id: string | null,
  more: Partial<TailRow> = {},
): TailRow {
  return {
    seq,
    event_id: `e${seq}`,
    name,
    shopper,
    item_id,
    session_id: null,
    linked_from: null,
    transaction_id: null,
    item_variant: null,
    country: null,
    device: null,
    referrer: null,
    timestamp: seq,
    ...more,
  };
}

it("is the same however the tail is cut, and rows that come twice change nothing", () => {
  const name = fc.constantFrom("view_item", "add_to_cart", "purchase", "search", "constructor");
  const step = fc.tuple(name, fc.constantFrom("a", "b"), fc.constantFrom("x", "y", "z", null));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.array(fc.nat()), (steps, cuts) => {
      const rows = steps.map(([event, shopper, item], i) => row(i + 1, event, shopper, item));
      const whole = createIndex();
      whole.live.observe(rows);
      const parts = createIndex();
      let from = 0;
      for (const cut of cuts) {
        const to = Math.min(rows.length, from + (cut % 7));
        // Each part begins with the end of the one before.
        parts.live.observe(rows.slice(Math.max(0, from - 3), to));
        from = to;
      }
      parts.live.observe(rows.slice(Math.max(0, from - 3)));
      expect(parts.live.cursor).toBe(rows.length);
      expect(parts.live.trending.rankAll()).toEqual(whole.live.trending.rankAll());
      for (let number = 0; number < whole.catalog.size; number++) {
        const item = toCatalogItem(number);
        expect(parts.live.propose("coVisitation", [item], 10)).toEqual(
          whole.live.propose("coVisitation", [item], 10),
        );
      }
    }),
  );
});

it("takes memory for the items that were clicked, wherever they stand in the catalogue", () => {
  const { catalog, live } = createIndex();
  for (let item = 0; item < 100_000; item++) catalog.intern(`other-${item}`);
  const rows = ["x", "y", "x", "z", "y"].map((item, i) => row(i + 1, "view_item", "a", item));
  live.observe(rows);
  const small = createIndex();
  small.live.observe(rows);
  for (const id of ["x", "y", "z", "other-7"]) {
    const name = (shop: typeof small) =>
      shop.live
        .propose("sessionKnn", [shop.catalog.intern(id)], 10)
        .map(({ item, score }) => [shop.catalog.ids[item], score]);
    expect(name({ catalog, live })).toEqual(name(small));
  }
  expect(Math.max(...rows.map((_, index) => live.clicks.at(index).item))).toBe(2);
});

it("takes for bought together what was in one cart, not what was in one visit", () => {
  const { catalog, live } = createIndex();
  live.observe([
    row(1, "view_item", "a", "seen"),
    row(2, "add_to_cart", "a", "left"),
    row(3, "add_to_cart", "a", "right"),
  ]);
  const mates = live.propose("boughtTogether", [catalog.find("left")], 10);
  expect(mates.map(({ item }) => catalog.ids[item])).toEqual(["right"]);
});

const visited = (live: LiveIndex) =>
  Array.from({ length: live.clicks.length }, (_, index) => live.clicks.at(index).session);

it("lets a session without an id go on over the half hour, until half an hour of silence", () => {
  const { live } = createIndex();
  const at = (time: string) => ({ timestamp: Date.parse(`2026-01-10T${time}Z`) });
  live.observe([
    row(1, "view_item", "a", "x", at("12:29:30")),
    row(2, "view_item", "a", "y", at("12:30:30")),
    row(3, "view_item", "a", "z", at("13:00:31")),
  ]);
  const [first, second, third] = visited(live);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

it("knows sessions as the shopper's own fold does: by events without items, and over a sign-in", () => {
  const { live } = createIndex();
  const at = (minute: number) => ({ timestamp: minute * 60_000 });
  live.observe([
    row(1, "view_item", "visitor", "x", at(0)),
    row(2, "search", "visitor", null, at(20)),
    row(3, "view_item", "visitor", "y", at(40)),
    row(4, "identify", "user", null, { ...at(41), linked_from: "visitor" }),
    row(5, "view_item", "user", "z", { ...at(42), session_id: "learnt" }),
    row(6, "view_item", "user", "x", at(43)),
  ]);
  expect(new Set(visited(live)).size).toBe(1);
});

it("lets old events fade: one today outweighs three of four days ago", () => {
  const trending = new Trending();
  for (let i = 0; i < 3; i++) trending.observe(1, VIEW, 0);
  trending.observe(2, VIEW, 4 * HALF_LIFE);
  expect(trending.rankAll()).toEqual([2, 1]);
});

it("keeps its order over years of events", () => {
  const trending = new Trending();
  for (let day = 0; day < 3000; day++) trending.observe(day % 5, VIEW, day * HALF_LIFE);
  expect(trending.rankAll()).toEqual([4, 3, 2, 1, 0]);
  expect(Number.isFinite(trending.weigh(4))).toBe(true);
});

it("ranks a category by its members alone", () => {
  const trending = new Trending();
  for (const [item, times] of [
    [1, 5],
    [2, 1],
    [3, 3],
  ] as const) {
    for (let i = 0; i < times; i++) trending.observe(item, VIEW, 0);
  }
  expect(trending.rankCategory(0, [2, 3, 9])).toEqual([3, 2]);
});

it("makes no trend of an order that is told again", () => {
  const order = { transaction_id: "T" };
  const told = createIndex();
  told.live.observe([row(1, "purchase", "a", "x", order), row(2, "purchase", "b", "x", order)]);
  const again = createIndex();
  again.live.observe([
    row(1, "purchase", "a", "x", order),
    row(2, "purchase", "b", "x", order),
    row(3, "purchase", "a", "x", order),
    row(4, "purchase", "b", "x", order),
  ]);
  const weigh = ({ catalog, live }: ReturnType<typeof createIndex>) =>
    live.trending.weigh(catalog.intern("x"));
  expect(weigh(again)).toBe(weigh(told));
  expect(weigh(told)).toBeGreaterThan(0);
});
