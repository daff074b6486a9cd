// Number formats against their definitions.
import { assert, float, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { quantiseRows, toFloat16 } from "../../../models/next-item/network/quantise.ts";

/** The value of a half by its definition (IEEE 754, 3.6). */
function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15));
}

describe("float16", () => {
  it.each([
    [0, 0],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65520, 0x7c00],
    [Infinity, 0x7c00],
    [2 ** -24, 1],
    [2 ** -25, 0],
    [2 ** -14, 0x400],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
  ])("writes %d as it should", (x, bits) => {
    expect(toFloat16(Float32Array.of(x))[0]).toBe(bits);
  });

  it("is within half a unit of the last place", () => {
    assert(
      property(float({ min: -60000, max: 60000, noNaN: true }), (x) => {
        const back = fromFloat16(toFloat16(Float32Array.of(x))[0] ?? NaN);
        const unit = 2 ** Math.max(-24, Math.floor(Math.log2(Math.abs(x) || 1)) - 10);
        expect(Math.abs(back - x)).toBeLessThanOrEqual(unit / 2);
      }),
    );
  });
});

describe("int8 rows", () => {
  it("are within half a step, and zero rows stay zero", () => {
    const table = Float32Array.of(0.5, -1, 0.25, 0, 0, 0);
    const { values, scales } = quantiseRows(table, 3);
    for (const [i, x] of table.entries()) {
      const scale = scales[Math.floor(i / 3)] ?? NaN;
      expect(Math.abs((values[i] ?? NaN) * scale - x)).toBeLessThanOrEqual(scale / 2);
    }
    expect(Array.from(values.subarray(3))).toEqual([0, 0, 0]);
  });
});
