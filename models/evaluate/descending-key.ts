// Sorting float32 scores by whole numbers: a native sort of packed numbers needs no calls back.

const FLOATS = new Float32Array(1);
const BITS = new Uint32Array(FLOATS.buffer);

/** The bits of a float32 as a whole number of 32 bits that falls where the float rises. */
export function descendingKey(score: number): number {
  // Both zeros are one.
  FLOATS[0] = score + 0;
  const bits = BITS[0] ?? 0;
  return bits >= 0x80000000 ? bits : 0x7fffffff - bits;
}

/** Indexes of scores, best first; ties by index. For less than 2^21 of them. */
export function argsortDescending(scores: Float32Array): Int32Array {
  const { length } = scores;
  const keys = new Float64Array(length);
  for (let index = 0; index < length; index++) {
    keys[index] = descendingKey(scores[index] ?? 0) * length + index;
  }
  keys.sort();
  const indexes = new Int32Array(length);
  for (let rank = 0; rank < length; rank++) indexes[rank] = (keys[rank] ?? 0) % length;
  return indexes;
}
