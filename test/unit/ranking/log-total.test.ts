import * as fc from "fast-check";
import { expect, it } from "vitest";
import { logTotal } from "../../../models/ranking/features/log-total.ts";

it("is the logarithm of the sum of all e^score, to a billionth, but for what is far below the best", () => {
  const score = fc.float({ min: -15.5, max: 0, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(score, { minLength: 1, maxLength: 50 }),
      fc.float({ min: -20, max: 20, noNaN: true }),
      (scores, shift) => {
        const row = Float32Array.from([0, ...scores], (x) => x + shift);
        const exact = Math.log(row.reduce((sum, x) => sum + Math.exp(x - shift), 0)) + shift;
        expect(Math.abs(logTotal(row) - exact)).toBeLessThan(1e-9);
      },
    ),
  );
});

it("passes over what must not be proposed", () => {
  expect(logTotal(Float32Array.of(-Infinity, 3, -Infinity))).toBe(3);
});
