import * as fc from "fast-check";
import { expect, it } from "vitest";
import { selectTop } from "../../../src/catalog/top-k.ts";

it("finds what sorting everything would find", () => {
  const score = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double(), fc.constant(Number.NaN));
  fc.assert(
    fc.property(
      fc.array(score, { maxLength: 60 }),
      fc.integer({ min: 0, max: 20 }),
      fc.func(fc.boolean()),
      (scores, k, accept) => {
        const expected = [...scores.keys()]
          .filter((index) => !Number.isNaN(scores[index]) && scores[index] !== -Infinity)
          .filter((index) => accept(index))
          .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b)
          .slice(0, k);
        const top = selectTop(scores, scores.length, k, accept);
        expect([...top.indexes]).toEqual(expected);
        expect([...top.scores]).toEqual(expected.map((index) => scores[index]));
      },
    ),
    { numRuns: 2000 },
  );
});

it("asks the filter only about those that would make it into the best", () => {
  const falling = Array.from({ length: 1000 }, (_, index) => -index);
  let asked = 0;
  selectTop(falling, falling.length, 10, () => (asked += 1) > 0);
  expect(asked).toBe(10);
});
