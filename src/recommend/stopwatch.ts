// How long the parts of an answer take.

export type Timing = { name: string; ms: number };

export class Stopwatch {
  readonly #clock: () => number;
  /** In the order in which the parts first ended. */
  readonly timings: Timing[] = [];

  /** @param clock runs on, in ms */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Does a part, or some more of it. What throws takes no time. */
  async time<T>(name: string, work: () => T | Promise<T>): Promise<T> {
    const from = this.#clock();
    const result = await work();
    const ms = this.#clock() - from;
    const known = this.timings.find((timing) => timing.name === name);
    if (known === undefined) this.timings.push({ name, ms });
    else known.ms += ms;
    return result;
  }
}

/** Stages that follow each other: each begins where the one before ended. */
export class StageClock {
  readonly #clock: () => number;
  #since: number;
  readonly timings: Timing[] = [];

  /** @param clock runs on, in ms */
  constructor(clock: () => number) {
    this.#clock = clock;
    this.#since = clock();
  }

  end(name: string): void {
    const now = this.#clock();
    this.timings.push({ name, ms: now - this.#since });
    this.#since = now;
  }
}
