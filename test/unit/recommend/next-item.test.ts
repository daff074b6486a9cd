import * as fc from "fast-check";
import { expect, it } from "vitest";
import { toCatalogItem } from "../../../src/catalog/catalog-item.ts";
import type { NextItemModel } from "../../../models/next-item/serve/open-next-item.ts";
import { Catalog } from "../../../src/catalog/catalog.ts";
import { NextItemSource } from "../../../src/recommend/retrieve/next-item.ts";
import { MAX_PER_SOURCE } from "../../../src/recommend/retrieve/pool.ts";
import { changedItem } from "../../support/changed-item.ts";

const ITEMS = 1000;
/** Items of the catalogue before the model's: numbers and indices differ. */
const BEFORE = 3;

/** Always gives these scores; items by their index in reverse order of the catalogue. */
function openSource(scores: Float32Array): NextItemSource {
  const catalog = new Catalog();
  catalog.apply(Array.from({ length: ITEMS + BEFORE }, (_, i) => changedItem(`item-${i}`, i + 1)));
  const model: NextItemModel = {
    version: "n",
    numbers: Int32Array.from({ length: ITEMS }, (_, index) => numberOf(index)),
    content: null,
    vectors: null,
    scale: 1,
    score: () => Promise.resolve({ scores: scores.slice(), state: null, total: 0 }),
    release: () => Promise.resolve(),
  };
  return new NextItemSource(model, catalog, 100);
}

const numberOf = (index: number) => toCatalogItem(ITEMS + BEFORE - 1 - index);

it("proposes the best that pass, however many do not, and tells a ranking model what each item has", async () => {
  const about = fc.record({
    scores: fc.array(fc.integer({ min: -50, max: 50 }), { minLength: ITEMS, maxLength: ITEMS }),
    /** One in so many items passes. */
    rarity: fc.integer({ min: 1, max: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(about, async ({ scores, rarity }) => {
      const row = Float32Array.from(scores, (score) => score / 8);
      const source = openSource(row);
      const answer = await source.answer([{ item: numberOf(0), type: "view_item", at: 0 }]);
      if (answer === null) throw new Error("the model knows the item");
      const passes = (item: number) => item % rarity === 0;
      const best = (accept: (item: number) => boolean, most = MAX_PER_SOURCE) =>
        [...row.keys()]
          .filter((index) => accept(numberOf(index)))
          .sort((a, b) => (row[b] ?? 0) - (row[a] ?? 0) || a - b)
          .slice(0, most)
          .map(numberOf);
      for (const most of [1, 20, MAX_PER_SOURCE]) {
        expect(source.propose(answer, most, passes).items).toEqual(best(passes, most));
        // Some twice, some that do not pass, some that the model does not know.
        const listed = Array.from({ length: 2 * ITEMS }, (_, i) => toCatalogItem(i)).filter(
          (i) => i % 7 > 0,
        );
        const among = () => [...listed, ...listed];
        const passesToo = (item: number) => passes(item) && item % 7 > 0;
        expect(source.propose(answer, most, passesToo, among).items).toEqual(best(passesToo, most));
      }

      const word = source.wordOf(answer);
      const list = new Int32Array(MAX_PER_SOURCE);
      word.listBest(list);
      expect([...list]).toEqual(best(() => true));
      expect(word.scoreOf(numberOf(7))).toBe(row[7]);
      expect(word.scoreOf(toCatalogItem(0))).toBe(-Infinity);
    }),
    { numRuns: 30 },
  );
});

it("refuses an answer that no order can be made of", async () => {
  const source = openSource(new Float32Array(ITEMS).fill(NaN));
  const asked = source.answer([{ item: numberOf(0), type: "view_item", at: 0 }]);
  await expect(asked).rejects.toThrow("no numbers");
});
