// A fixed rate of events, so that two replays give the Worker the same time to learn from what it was told.

export type Pace = (sent: number) => Promise<void>;

/**
 * Waits until it is time for the event after `sent` of them.
 *
 * @param rate events a second
 * @param clock ms
 */
export function keepPace(
  rate: number,
  clock: () => number,
  pause: (ms: number) => Promise<void>,
): Pace {
  let start: { at: number; sent: number } | null = null;
  return async (sent) => {
    start ??= { at: clock(), sent };
    const due = start.at + (1000 * (sent - start.sent)) / rate;
    const early = due - clock();
    if (early > 0) await pause(early);
  };
}
