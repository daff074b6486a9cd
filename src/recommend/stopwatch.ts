// How long the parts of an answer take.

export type Timing = { name: string; ms: number };

export class Stopwatch {
  readonly #clock: () => number;
  /** In the order in which the parts ended. */
  readonly timings: Timing[] = [];

  /** @param clock runs on, in ms */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Does a part. One that throws takes no time. */
  async time<T>(name: string, work: () => T | Promise<T>): Promise<T> {
    const from = this.#clock();
    const result = await work();
    this.timings.push({ name, ms: this.#clock() - from });
    return result;
  }
}
