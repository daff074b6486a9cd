import { expect, it } from "vitest";
import { Random } from "../../../models/graph/random.ts";
import {
  readVectors,
  roundedVectors,
  writeVectors,
} from "../../../models/next-item/network/item-vectors.ts";
import { TABLE_FORMS } from "../../../models/next-item/network/table-form.ts";
import { toUnitLength } from "../../../models/next-item/network/unit-length.ts";

const [ITEMS, DIM] = [50, 12];
const random = new Random(3);
const ROWS = toUnitLength(
  Float32Array.from({ length: ITEMS * DIM }, () => random.normal()),
  DIM,
);
/** Half of the last place that a value near 1 has. */
const PRECISION = { float32: 2 ** -12, float16: 2 ** -12, int8: 1 / 254 };

it.each(TABLE_FORMS)("are published close to what was learned: beside %s", (form) => {
  const vectors = roundedVectors(ROWS, DIM, form);
  expect(vectors.dim).toBe(DIM);
  const row = new Float64Array(DIM);
  for (let item = 0; item < ITEMS; item++) {
    vectors.read(item, row);
    const errors = row.map((x, d) => Math.abs(x - (ROWS[item * DIM + d] ?? Number.NaN)));
    expect(Math.max(...errors)).toBeLessThanOrEqual(PRECISION[form]);
  }
  vectors.read(ITEMS, row);
  expect([...row]).toEqual(Array.from(row, () => 0));
});

it("take half the room beside an int8 table", () => {
  const bytes = writeVectors(ROWS, DIM, "int8").length;
  expect(bytes).toBe(ITEMS * (DIM + 4));
  expect(writeVectors(ROWS, DIM, "float32")).toHaveLength(2 * ITEMS * DIM);
});

it.each(TABLE_FORMS)("are the same wherever in memory their file lies: beside %s", (form) => {
  const file = writeVectors(ROWS, DIM, form);
  const shifted = new Uint8Array(file.length + 1);
  shifted.set(file, 1);
  const moved = readVectors(shifted.subarray(1), ITEMS, form);
  const [here, there] = [new Float64Array(DIM), new Float64Array(DIM)];
  roundedVectors(ROWS, DIM, form).read(7, here);
  moved?.read(7, there);
  expect(there).toEqual(here);
});

it.each(TABLE_FORMS)("are refused where the file has another size: beside %s", (form) => {
  const file = writeVectors(ROWS, DIM, form);
  expect(readVectors(file.subarray(1), ITEMS, form)).toBeNull();
  expect(readVectors(new Uint8Array(), ITEMS, form)).toBeNull();
});
