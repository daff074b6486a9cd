// Words of items and of searches fold alike.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countSlips, findMeant } from "../../../src/search/correct-word.ts";
import { countShoppers } from "../../../src/search/shopper-bits.ts";
import { foldQuery, splitWords } from "../../../src/search/words.ts";

describe("splitWords", () => {
  it.each([
    ["Crème brûlée-Set, 12 cm", ["creme", "brulee", "set", "12", "cm"]],
    ["Straßenlampe", ["strassenlampe"]],
    ["ＡＢＣ １２", ["abc", "12"]],
    ["東京タワー", ["東京", "京タ", "タワ", "ワー"]],
    ["新品iPhone手机壳", ["新品", "iphone", "手机", "机壳"]],
    ["Ελλάδα Ёлка", ["ελλαδα", "елка"]],
    ["काठमांडू", ["काठमांडू"]],
    ["-- ! 🪑", []],
  ])("of %s", (text, words) => expect(splitWords(text)).toEqual(words));

  it("does not depend on case, and its words stay as they are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        for (const word of splitWords(text)) expect(splitWords(word).join("")).toContain(word);
        expect(splitWords(foldQuery(text))).toEqual(splitWords(text));
      }),
    );
  });
});

describe("countSlips", () => {
  it.each([
    ["lamp", "lamp", 0],
    ["lmap", "lamp", 1],
    ["lamps", "lamp", 1],
    ["lump", "lamp", 1],
    ["plam", "lamp", 2],
    ["chair", "lamp", 3],
  ])("between %s and %s", (a, b, slips) => expect(countSlips(a, b, 2)).toBe(slips));

  it("is the same both ways, and 0 for the same word alone", () => {
    const words = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 6 });
    fc.assert(
      fc.property(words, words, (a, b) => {
        expect(countSlips(a, b, 3)).toBe(countSlips(b, a, 3));
        expect(countSlips(a, b, 3) === 0).toBe(a === b);
      }),
    );
  });
});

describe("findMeant", () => {
  const known = [
    { term: "boot", doc: 9 },
    { term: "boots", doc: 3 },
    { term: "booth", doc: 1 },
    { term: "backpack", doc: 5 },
  ];

  it.each([
    ["boots", { words: ["boot", "boots"], corrected: false }],
    ["boosts", { words: ["boots"], corrected: true }],
    ["bakcpakc", { words: ["backpack"], corrected: true }],
    ["bag", { words: [], corrected: false }],
    ["bicycle", { words: [], corrected: false }],
  ])("of %s", (word, meant) => expect(findMeant(word, known)).toEqual(meant));
});

it("counts shoppers by their bits, nearly", () => {
  expect(countShoppers(0)).toBe(0);
  expect(countShoppers(1)).toBe(1);
  expect(countShoppers(1 | (1 << 30))).toBe(2);
  expect(countShoppers(0x7fffffff)).toBeGreaterThan(60);
});
