// Waits for something to become true, with a deadline; never longer than needed, never blindly.
import { setTimeout as pause } from "node:timers/promises";

const INTERVAL_MS = 100;

/** Resolves with the first result that is not null; throws, naming what it waited for, when time is up. */
export async function pollUntil<T>(
  what: string,
  withinMs: number,
  look: () => Promise<T | null> | T | null,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== null) return seen;
    if (performance.now() > deadline) throw new Error(`Not within ${withinMs / 1000} s: ${what}`);
    await pause(INTERVAL_MS);
  }
}
