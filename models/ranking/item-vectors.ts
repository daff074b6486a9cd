// Unit vectors of items, as similarity features read them. They are published as half floats, so training reads them
// rounded to those: both sides then see the same numbers.
import { toFloat16 } from "../next-item/quantise.ts";

export type ItemVectors = {
  dim: number;
  /** Writes the vector of an item into `out`, [dim]; zeros for an item that has none. */
  read(item: number, out: Float64Array): void;
};

/** All half floats by their bits: 256 kB for the program, and a look-up instead of arithmetic. */
let values: Float32Array | null = null;

/** @param rows unit vectors, [items, dim] */
export function roundedVectors(rows: Float32Array, dim: number): ItemVectors {
  return halfVectors(toFloat16(rows), dim);
}

/** @param halves the bits of half floats, [items, dim] */
export function halfVectors(halves: Uint16Array, dim: number): ItemVectors {
  const table = (values ??= Float32Array.from({ length: 0x10000 }, (_, bits) => readHalf(bits)));
  return {
    dim,
    read(item, out) {
      const from = item * dim;
      for (let d = 0; d < dim; d++) out[d] = table[halves[from + d] ?? 0] ?? 0;
    },
  };
}

/** The number of 16 bits of IEEE 754 half precision. */
function readHalf(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
