// Seeded randomness for the simulated shop. The same seed gives the same shop on every machine:
// nothing here may read a clock or Math.random.

/** Mixes a text into a 32-bit seed (FNV-1a), so that "shopper 17" and "catalogue" get streams of their own. */
function hashSeed(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/** A stream of random numbers (mulberry32, by Tommy Ettinger, public domain): tiny, and good enough for shoppers. */
export class Random {
  #state: number;

  constructor(seed: number | string) {
    this.#state = hashSeed(String(seed));
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Whole number in [low, high]. */
  integer(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  /** Standard normal (Box and Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** Log-normal with the given median; `spread` is the standard deviation of the logarithm. */
  logNormal(median: number, spread: number): number {
    return median * Math.exp(spread * this.normal());
  }

  pick<T>(choices: readonly T[]): T {
    const chosen = choices[Math.floor(this.next() * choices.length)];
    if (chosen === undefined) throw new Error("pick: nothing to choose from");
    return chosen;
  }

  /** One of the choices, with probability proportional to its weight (>= 0, not all 0). */
  pickWeighted<T>(choices: readonly T[], weightOf: (choice: T) => number): T {
    const weights = choices.map(weightOf);
    let rest = this.next() * weights.reduce((sum, weight) => sum + weight, 0);
    for (const [index, choice] of choices.entries()) {
      rest -= weights[index] ?? 0;
      if (rest < 0) return choice;
    }
    return this.pick(choices);
  }
}
