// Laws of filling an event from the catalogue: what was said stays, what was not is marked, and it is told once.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { Catalog } from "../../../src/catalog/catalog.ts";
import { fillEvent, findInCatalog, type KnownItem } from "../../../src/ingest/fill.ts";
import { changedItem } from "../../support/changed-item.ts";
import { makeEvent, makeLine } from "../../support/records.ts";
import { shopEvent } from "../state/arbitrary.ts";

const known: fc.Arbitrary<KnownItem> = fc.record({
  group_id: fc.option(fc.constantFrom("g1", "g2")),
  category: fc.option(fc.constantFrom("Shoes > Boots", "Socks")),
  brand: fc.option(fc.constantFrom("Alpina", "Tarn")),
  price: fc.option(fc.nat(10_000)),
});

/** As it comes from the sender: nothing is filled in yet. */
const told = shopEvent("e", 10).map((event) => ({
  ...event,
  items: event.items.map((line) => ({ ...line, filled: null })),
}));

const NAMES = ["group_id", "category", "brand", "price"] as const;

it("changes nothing that was said, and marks all that it adds", () => {
  fc.assert(
    fc.property(told, known, (event, item) => {
      const { items, ...rest } = fillEvent(event, () => item);
      expect({ ...rest, items: event.items }).toEqual(event);
      for (const [i, line] of items.entries()) {
        const before = event.items[i];
        const added = NAMES.filter((name) => line[name] !== before?.[name]);
        expect(line.filled).toBe(added.length === 0 ? null : added.join(","));
        for (const name of added) {
          expect(before?.[name]).toBe(null);
          expect(line[name]).toBe(item[name]);
        }
        const same = Object.fromEntries(added.map((name) => [name, null]));
        expect({ ...line, ...same, filled: null }).toEqual(before);
      }
    }),
  );
});

it("gives the same back where nothing is known or the event is about goods", () => {
  fc.assert(
    fc.property(told, known, (event, item) => {
      expect(fillEvent(event, () => null)).toBe(event);
      const stock = { ...event, name: "stock_update" as const };
      expect(fillEvent(stock, () => item)).toBe(stock);
    }),
  );
});

const BOOT: KnownItem = { group_id: "g", category: "Boots", brand: "Alpina", price: 900 };

it("guesses the money of an order only where nothing was told of it", () => {
  const buy = (change: object, lines: object[]) =>
    fillEvent(
      makeEvent({
        name: "purchase",
        ...change,
        items: lines.map((line) => makeLine("a", line)),
      }),
      () => BOOT,
    ).items.map(({ price }) => price);
  expect(buy({ value: null }, [{ price: null }])).toEqual([900]);
  expect(buy({ value: 500 }, [{ price: null }])).toEqual([null]);
  expect(buy({ value: null }, [{ price: 1 }, { price: null }])).toEqual([1, null]);
  expect(buy({ name: "refund", value: null }, [{ price: null }])).toEqual([null]);
});

it("finds what an item sells for now", () => {
  const catalog = new Catalog();
  catalog.apply([
    changedItem("a", 1, { price: 1000, sale_price: 800, category: "Boots", item_group_id: "g" }),
    changedItem("b", 2),
  ]);
  const find = findInCatalog(catalog);
  expect(find("a")).toEqual({ group_id: "g", category: "Boots", brand: null, price: 800 });
  expect(find("b")).toEqual({ group_id: null, category: null, brand: null, price: null });
  expect(find("c")).toBe(null);
});
