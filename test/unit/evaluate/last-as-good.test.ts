import { expect, it } from "vitest";
import { lastAsGood } from "../../../models/evaluate/last-as-good.ts";

const itself = (score: number): number => score;

it("keeps the last of those within a hundredth of the best", () => {
  expect(lastAsGood([40, 43, 42.9, 42], itself)).toBe(42.9);
  expect(lastAsGood([40, 43, 42], itself)).toBe(43);
  expect(lastAsGood([0, 0], itself)).toBe(0);
});

it("passes over what is no number, and gives nothing of nothing", () => {
  expect(lastAsGood([43, NaN], itself)).toBe(43);
  expect(lastAsGood([NaN], itself)).toBeUndefined();
  expect(lastAsGood([], itself)).toBeUndefined();
});
