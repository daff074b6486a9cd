// Keeps something in memory no older than a few seconds without making requests wait: stale while revalidating.

export type Freshness = "fresh" | "stale" | "missing";

export type RefresherOptions = {
  /** ms between the start of two loads. */
  every: number;
  /** ms after which what we have is too old to answer from without at least trying. */
  staleAfter: number;
  /** ms after which a load counts as lost: the request that carried it may have been cut off. */
  lostAfter: number;
};

/** Registers work that goes on after the answer, as a Worker's `ctx.waitUntil`. */
export type WaitUntil = (work: Promise<unknown>) => void;

export class Refresher {
  readonly #options: RefresherOptions;
  readonly #load: (now: number) => Promise<void>;
  #startedAt = Number.NEGATIVE_INFINITY;
  #loadedAt: number | null = null;
  #running: Promise<void> | null = null;
  #turn = 0;
  /** The load that somebody waited for in vain: nobody waits again before one has come in time. */
  #overdue: number | null = null;
  /** Why the last load failed, or null. */
  lastError: string | null = null;

  constructor(options: RefresherOptions, load: (now: number) => Promise<void>) {
    this.#options = options;
    this.#load = load;
  }

  /** Starts a load where one is due. Never waits, never throws. */
  touch(now: number, waitUntil: WaitUntil): void {
    const age = now - this.#startedAt;
    if (age < this.#options.every) return;
    if (this.#running !== null) {
      if (age < this.#options.lostAfter) return;
      this.lastError = `no answer within ${this.#options.lostAfter} ms`;
    }
    this.#startedAt = now;
    const running = this.#run(now);
    this.#running = running;
    waitUntil(running);
  }

  /** Never rejects. */
  async #run(now: number): Promise<void> {
    const turn = ++this.#turn;
    try {
      await this.#load(now);
      this.#loadedAt = now;
      this.lastError = null;
      if (this.#overdue !== turn) this.#overdue = null;
    } catch (error) {
      // What we have goes on serving; `judge` tells when it has become too old.
      this.lastError = error instanceof Error ? error.message : String(error);
    }
    if (turn === this.#turn) this.#running = null;
  }

  judge(now: number): Freshness {
    if (this.#loadedAt === null) return "missing";
    return now - this.#loadedAt > this.#options.staleAfter ? "stale" : "fresh";
  }

  /**
   * Waits for the load that is under way, unless what we have will do, until it is `budget` ms old. A store that is slow
   * or hangs so makes few answers late, and not all of them.
   */
  async settle(now: number, budget: number): Promise<Freshness> {
    const left = budget - (now - this.#startedAt);
    if (this.judge(now) === "fresh" || this.#running === null) return this.judge(now);
    if (left <= 0 || this.#overdue !== null) return this.judge(now);
    const turn = this.#turn;
    await withinBudget(this.#running, left);
    if (this.#running !== null && this.#turn === turn) this.#overdue = turn;
    return this.judge(now);
  }
}

/** The outcome of `work`, or undefined after `budget` ms. */
export async function withinBudget<T>(work: Promise<T>, budget: number): Promise<T | undefined> {
  const { promise: timeUp, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), budget);
  try {
    return await Promise.race([work, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}
