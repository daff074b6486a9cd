import * as fc from "fast-check";
import { expect, it } from "vitest";
import { halve, log1p } from "../../../durable/state/arithmetic.ts";
import { canonicalJson } from "../../../durable/state/canonical-json.ts";

it("halves as the exponential does", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 59, noNaN: true }), (x) => {
      expect(halve(x) / 2 ** -x).toBeCloseTo(1, 12);
    }),
  );
  expect(halve(0)).toBe(1);
  expect(halve(3)).toBe(0.125);
  expect(halve(1_000)).toBe(0);
  expect(halve(Infinity)).toBe(0);
});

it("takes logarithms as Math.log1p does", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e300, noNaN: true }), (x) => {
      expect(Math.abs(log1p(x) - Math.log1p(x))).toBeLessThan(1e-12 * Math.max(1, Math.log1p(x)));
    }),
  );
  expect(log1p(0)).toBe(0);
  expect(log1p(-1)).toBe(0);
});

it("writes the same text whatever the order of keys", () => {
  expect(canonicalJson({ b: [1, { d: null, c: "ä" }], a: true })).toBe(
    '{"a":true,"b":[1,{"c":"ä","d":null}]}',
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.integer()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).toReversed());
      expect(canonicalJson(turned)).toBe(canonicalJson(value));
    }),
  );
  expect(() => canonicalJson({ a: Number.NaN })).toThrow(TypeError);
  expect(() => canonicalJson({ a: undefined })).toThrow(TypeError);
});
