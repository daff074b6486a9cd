// A title as a few bits: each word sets one (a Bloom filter of words). Two titles are alike where many bits are shared.

/** 4 x 32 bits: titles have about 8 words, so two different words rarely meet in one bit. */
export const SKETCH_WORDS = 4;
const BITS = SKETCH_WORDS * 32;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Writes the sketch of a text to `target[offset ..]`. */
export function sketchText(text: string, target: Int32Array, offset: number): void {
  target.fill(0, offset, offset + SKETCH_WORDS);
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)) {
    const bit = hashWord(word) % BITS;
    const index = offset + (bit >>> 5);
    target[index] = (target[index] ?? 0) | (1 << (bit & 31));
  }
}

/** Cosine of two bit sets, 0..1; 0 where one of them is empty. */
export function compareSketches(sketches: Int32Array, a: number, b: number): number {
  let shared = 0;
  let inA = 0;
  let inB = 0;
  for (let word = 0; word < SKETCH_WORDS; word++) {
    const left = sketches[a * SKETCH_WORDS + word] ?? 0;
    const right = sketches[b * SKETCH_WORDS + word] ?? 0;
    shared += countBits(left & right);
    inA += countBits(left);
    inB += countBits(right);
  }
  return shared === 0 ? 0 : shared / Math.sqrt(inA * inB);
}

/** FNV-1a over UTF-16 units, with a final mix since only the low bits are used. */
function hashWord(word: string): number {
  let hash = FNV_OFFSET;
  for (let i = 0; i < word.length; i++) {
    hash = Math.imul(hash ^ word.charCodeAt(i), FNV_PRIME);
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** Bits set in a 32-bit number (Warren, Hacker's Delight, 5-1). */
function countBits(value: number): number {
  let bits = value - ((value >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
