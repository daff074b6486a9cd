// How far a list has moved: what `npm run abuse` judges by.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { compareLists, overlap } from "../../../src/lab/abuse/lists.ts";

const lists = fc.uniqueArray(fc.string(), { maxLength: 20 });

it("is 1 for the same list and less for any other, 0 where nothing is common", () => {
  fc.assert(
    fc.property(lists, lists, (a, b) => {
      expect(overlap(a, a)).toBe(1);
      expect(overlap(a, b)).toBeCloseTo(overlap(b, a), 12);
      if (a.join() !== b.join()) expect(overlap(a, b)).toBeLessThan(1);
    }),
  );
  expect(overlap(["a"], ["b"])).toBe(0);
});

it("names the list that moved most", () => {
  const before = new Map([
    ["home", ["a", "b"]],
    ["trending", ["a", "b"]],
  ]);
  const after = new Map([
    ["home", ["a", "b"]],
    ["trending", ["b", "a"]],
  ]);
  expect(compareLists(before, after)).toEqual({ list: "trending", overlap: 0.5 });
  expect(compareLists(before, before)).toEqual({ list: "none", overlap: 1 });
});
