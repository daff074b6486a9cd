// How work that takes long lets others have their turn, and how its time is taken: a Worker's clock moves only while it
// waits, and while it computes nobody else is served.

export type Pace = {
  /** Lets what else waits in the isolate go first. */
  yieldToRequests: () => Promise<void>;
  /** A running clock, ms. */
  clock: () => number;
};

/** Where nobody waits, in a trainer say: nothing yields, nothing is timed. */
export const ALONE: Pace = { yieldToRequests: () => Promise.resolve(), clock: () => 0 };

/** Runs that are timed at most. Other work only ever makes a run look longer, so the shortest counts. */
const MAX_RUNS = 3;

/**
 * Whether at least one of a few runs takes no longer than `limit` ms; stops at the first that does. Where the clock stood
 * still during the run, the wait after it is counted too: only then it tells.
 */
export async function isWithin(
  limit: number,
  { yieldToRequests, clock }: Pace,
  run: () => Promise<void>,
): Promise<boolean> {
  for (let i = 0; i < MAX_RUNS; i++) {
    await yieldToRequests();
    const start = clock();
    await run();
    let took = clock() - start;
    if (took === 0) {
      await yieldToRequests();
      took = clock() - start;
    }
    if (took <= limit) return true;
  }
  return false;
}
