// Forgets by growing: instead of shrinking all old weights, new ones weigh more (Cormode et al., "Forward decay", ICDE 2009).
// The order of sums never changes by itself, so sorted lists stay sorted.

/** Weights grow up to 2^this before all are scaled down: far from overflow, and what falls below is forgotten anyway. */
const LARGEST_EXPONENT = 64;

export class ForwardDecay {
  readonly #halfLife: number;
  readonly #rescale: (factor: number) => void;
  #origin: number | null = null;

  /**
   * @param halfLife ms after which a click counts half; Infinity for no decay
   * @param rescale multiplies every sum built from these weights
   */
  constructor(halfLife: number, rescale: (factor: number) => void) {
    this.#halfLife = halfLife;
    this.#rescale = rescale;
  }

  /** The weight of a click at `timestamp` (ms), relative to all others so weighed. */
  weigh(timestamp: number): number {
    if (this.#halfLife === Infinity) return 1;
    this.#origin ??= timestamp;
    const exponent = (timestamp - this.#origin) / this.#halfLife;
    if (exponent <= LARGEST_EXPONENT) return 2 ** exponent;
    this.#rescale(2 ** -exponent);
    this.#origin = timestamp;
    return 1;
  }
}
