// Seeded random numbers. A stream is a pure function of its keys (seed, purpose, step), so a run that is
// resumed at step n draws what the uninterrupted run drew there, without any generator state to save.

/** sfc32 (Chris Doty-Humphrey, PractRand): small, fast, passes BigCrush. */
export class Random {
  private a = 0x9e3779b9;
  private b = 0x243f6a88;
  private c = 0xb7e15162;
  private counter = 1;

  constructor(...keys: readonly number[]) {
    for (const key of keys) {
      this.a ^= key | 0;
      // Keys above 2^32 keep their high part too.
      this.b ^= Math.floor(key / 2 ** 32) | 0;
      for (let i = 0; i < 12; i++) this.next();
    }
  }

  /** Uniform over 0 .. 2^32 - 1. */
  next(): number {
    const t = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + t;
    this.c |= 0;
    return t >>> 0;
  }

  /** Uniform over [0, 1). */
  uniform(): number {
    return this.next() / 2 ** 32;
  }

  /** Uniform over 0 .. below - 1. */
  int(below: number): number {
    return Math.floor(this.uniform() * below);
  }

  /** Standard normal (Box and Muller, 1958). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Fisher-Yates, in place. */
  shuffle(xs: Int32Array | Uint32Array): void {
    for (let i = xs.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const x = xs[i] ?? 0;
      xs[i] = xs[j] ?? 0;
      xs[j] = x;
    }
  }

  /**
   * Fills with ones, each zero with probability `drop`; one random byte decides, so 1/256 is the grain. `mask` has to
   * begin at a multiple of four bytes in its buffer.
   */
  keepMask(mask: Uint8Array, drop: number): void {
    const words = new Uint32Array(mask.buffer, mask.byteOffset, mask.length >> 2);
    const threshold = Math.round(drop * 256);
    for (let i = 0; i < words.length; i++) words[i] = keepBytes(this.next(), threshold);
    const rest = mask.subarray(words.length * 4);
    if (rest.length === 0) return;
    const last = Uint32Array.of(keepBytes(this.next(), threshold));
    rest.set(new Uint8Array(last.buffer, 0, rest.length));
  }
}

/** Each byte of the word on its own: 1 where it is at least `threshold`, else 0. */
function keepBytes(word: number, threshold: number): number {
  // In lanes of 16 bits, such a byte carries into bit 8 when this is added.
  const carry = (256 - threshold) * 0x00010001;
  const even = (((word & 0x00ff00ff) + carry) >>> 8) & 0x00010001;
  const odd = (((word >>> 8) & 0x00ff00ff) + carry) & 0x01000100;
  return even | odd;
}
