// The item table as int8, against its definition.
import { describe, expect, it } from "vitest";
import { quantiseRows } from "../../../models/next-item/network/quantise.ts";

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
