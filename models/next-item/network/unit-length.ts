// Vectors outside the graph, brought to length one.

/** `vectors` [rows, dim] with each row divided by its length; zero rows stay zero. */
export function toUnitLength(vectors: Float32Array, dim: number): Float32Array {
  const unit = vectors.slice();
  for (let at = 0; at < unit.length; at += dim) {
    let squares = 0;
    for (let i = at; i < at + dim; i++) squares += (unit[i] ?? 0) ** 2;
    const length = Math.sqrt(squares) || 1;
    for (let i = at; i < at + dim; i++) unit[i] = (unit[i] ?? 0) / length;
  }
  return unit;
}
