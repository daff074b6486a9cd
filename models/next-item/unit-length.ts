// Vectors outside the graph, brought to length one.

/** `vectors` [rows, dim] with each row divided by its length; zero rows stay zero. */
export function toUnitLength(vectors: Float32Array, dim: number): Float32Array {
  const unit = vectors.slice();
  for (let at = 0; at < unit.length; at += dim) {
    const row = unit.subarray(at, at + dim);
    const length = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
    if (length > 0) for (const [d, x] of row.entries()) row[d] = x / length;
  }
  return unit;
}
