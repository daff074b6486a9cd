// Waits for the scheduler's signal and runs a round for each; a round that fails is told and tried again at the next.
import { setTimeout as pause } from "node:timers/promises";
import type { RetrainClient } from "./fetch/client.ts";

export type WatchOptions = {
  /** ms between two looks. */
  every: number;
  signal: AbortSignal;
  log: (line: string) => void;
};

/** Ends, quietly, when `signal` is aborted. The first round runs at once: what was missed while away counts too. */
export async function watch(
  client: Pick<RetrainClient, "readSignal">,
  round: () => Promise<void>,
  { every, signal, log }: WatchOptions,
): Promise<void> {
  let handled = -1;
  while (!signal.aborted) {
    try {
      const seen = await client.readSignal();
      if (seen !== handled) {
        await round();
        handled = seen;
      }
    } catch (error) {
      if (signal.aborted) return;
      log(error instanceof Error ? error.message : String(error));
    }
    await pause(every, undefined, { signal }).catch(() => undefined);
  }
}
