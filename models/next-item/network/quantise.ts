// Smaller number formats for the item table.

/** IEEE 754 half precision, rounded to nearest even. Values beyond its range become infinite. */
export function toFloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(bits.length);
  for (let i = 0; i < bits.length; i++) halves[i] = halfBits(bits[i] ?? 0);
  return halves;
}

function halfBits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 127 + 15;
  const fraction = bits & 0x7fffff;
  if (exponent >= 31)
    return sign | 0x7c00 | (((bits >>> 23) & 0xff) === 255 && fraction ? 0x200 : 0);
  // Subnormal halves: the hidden bit becomes visible, then everything below is rounded off.
  if (exponent <= 0)
    return exponent < -10 ? sign : sign | roundShift(fraction | 0x800000, 14 - exponent);
  // A carry out of the fraction rightly raises the exponent.
  return sign | ((exponent << 10) + roundShift(fraction, 13));
}

/** x / 2^by, rounded to nearest even. */
function roundShift(x: number, by: number): number {
  const kept = x >>> by;
  const rest = x & ((1 << by) - 1);
  const half = 1 << (by - 1);
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept;
}

/** Symmetric int8 rows of `table` [rows, dim]: value = int8 * scale of the row. */
export function quantiseRows(
  table: Float32Array,
  dim: number,
): { values: Int8Array; scales: Float32Array } {
  const values = new Int8Array(table.length);
  const scales = new Float32Array(table.length / dim);
  for (let row = 0; row < scales.length; row++) {
    const part = table.subarray(row * dim, (row + 1) * dim);
    const largest = part.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
    const scale = largest / 127;
    scales[row] = scale;
    for (const [d, x] of part.entries())
      values[row * dim + d] = scale > 0 ? Math.round(x / scale) : 0;
  }
  return { values, scales };
}
