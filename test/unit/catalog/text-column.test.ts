import * as fc from "fast-check";
import { expect, it } from "vitest";
import { MAX_TEXT, TextColumn } from "../../../src/catalog/text-column.ts";

/** As they come out of UTF-8: no half of a surrogate pair. */
const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.webUrl(),
  fc.constantFrom("", "/", "//", "https://shop.example/p/", "ü/ß/漢字", "x".repeat(20_000)),
);

it("gives back what was last put at a number, however often texts are replaced", () => {
  const write = fc.record({ at: fc.nat({ max: 20 }), text: fc.option(text) });
  fc.assert(
    fc.property(fc.array(write, { maxLength: 200 }), (writes) => {
      const column = new TextColumn();
      const expected = new Map<number, string | null>();
      for (const { at, text } of writes) {
        column.set(at, text);
        expected.set(at, text);
      }
      for (let at = 0; at < 30; at++) expect(column.get(at)).toBe(expected.get(at) ?? null);
    }),
  );
});

it("knows a text whose head came after all heads that it tells apart", () => {
  const column = new TextColumn();
  const texts = Array.from(
    { length: 3000 },
    (_, i) => `https://shop.example/${i % 1500}/item-${i}`,
  );
  texts.forEach((each, at) => column.set(at, each));
  expect(texts.map((_, at) => column.get(at))).toEqual(texts);
});

it("takes the longest text that has room on a page, and refuses a longer one", () => {
  const column = new TextColumn();
  column.set(0, "x".repeat(MAX_TEXT));
  expect(column.get(0)?.length).toBe(MAX_TEXT);
  expect(() => column.set(1, "x".repeat(MAX_TEXT + 1))).toThrow("room for");
  expect(column.get(1)).toBeNull();
});
