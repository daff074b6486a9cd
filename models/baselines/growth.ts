// Typed arrays that follow a growing vocabulary.

/** Doubling keeps the cost of growing constant per element. */
const GROWTH = 2;
const SMALLEST = 64;

/** A capacity of at least `needed`, at most `limit`. */
export function nextCapacity(current: number, needed: number, limit = Infinity): number {
  return Math.max(needed, Math.min(limit, Math.max(SMALLEST, current * GROWTH)));
}

export function growInts(array: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(capacity);
  grown.set(array);
  return grown;
}

export function growFloats(array: Float64Array, capacity: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(capacity);
  grown.set(array);
  return grown;
}
