// Latencies of any number of requests in constant space: counts in buckets that grow by 1%.

const GROWTH = Math.log(1.01);
/** Everything faster shares one bucket, ms. */
const SMALLEST_MS = 0.01;

export class Latencies {
  #buckets: Map<number, number>;
  #total: number;

  constructor(saved: readonly [number, number][] = []) {
    this.#buckets = new Map(saved);
    this.#total = saved.reduce((sum, [, count]) => sum + count, 0);
  }

  add(ms: number): void {
    const bucket = Math.ceil(Math.log(Math.max(ms, SMALLEST_MS) / SMALLEST_MS) / GROWTH);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
    this.#total += 1;
  }

  get count(): number {
    return this.#total;
  }

  /** The latency that a share (0..1) of all requests does not exceed, within 1%; null without requests. */
  quantile(share: number): number | null {
    let rest = share * this.#total;
    for (const [bucket, count] of [...this.#buckets].sort((a, b) => a[0] - b[0])) {
      rest -= count;
      if (rest <= 0 && this.#total > 0) return SMALLEST_MS * Math.exp(bucket * GROWTH);
    }
    return null;
  }

  toJSON(): [number, number][] {
    return [...this.#buckets];
  }

  static merge(...all: readonly Latencies[]): Latencies {
    const merged = new Map<number, number>();
    for (const [bucket, count] of all.flatMap((one) => one.toJSON())) {
      merged.set(bucket, (merged.get(bucket) ?? 0) + count);
    }
    return new Latencies([...merged]);
  }
}
