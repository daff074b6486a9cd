// The item table in a smaller number format.

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
