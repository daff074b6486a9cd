// Numbers of clicked items and of the catalogue: each leads to the other, and neither is taken for the other.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { toVocabItem } from "../../../models/next-item/data/vocab-item.ts";
import { toCatalogItem } from "../../../src/catalog/catalog-item.ts";
import { ClickedItems } from "../../../src/live/clicked-items.ts";

it("finds every item again, clicked or not", () => {
  const item = fc.nat({ max: 1000 }).map(toCatalogItem);
  fc.assert(
    fc.property(fc.array(item), item, (clicks, asked) => {
      const clicked = new ClickedItems();
      for (const click of clicks) clicked.add(click);
      expect(clicked.itemOf(clicked.numberOf(asked))).toBe(asked);
      for (const click of clicks) expect(clicked.numberOf(click)).toBeLessThan(clicks.length);
    }),
  );
});

it("is asked in its own numbers alone: anything else does not compile", () => {
  const clicked = new ClickedItems();
  const number = clicked.add(toCatalogItem(7));
  // @ts-expect-error: the number of a clicked item is none of the catalogue.
  expect(clicked.numberOf(number)).not.toBe(number);
  // @ts-expect-error: nor is an index of a vocabulary.
  expect(clicked.numberOf(toVocabItem(7))).toBe(number);
  // @ts-expect-error: nor any number.
  expect(clicked.itemOf(0)).toBe(7);
});
