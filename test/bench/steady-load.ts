// Sends requests at a steady rate, whether or not the answers come, and counts each one's time from when it was due: a
// Worker that stands still for a while makes all those late that should have been answered meanwhile.
import type { Call, Client } from "./http-client.ts";

export type Answered = {
  /** When it was due, by `performance.now`, and how long after that its answer was there, ms. */
  at: number;
  ms: number;
  /** 0 where there was no answer. */
  status: number;
  /** Whether models answered as they should. */
  isWhole: boolean;
  /** The ranking model that answered, or null. */
  version: string | null;
};

/** `rate` requests a second, of each kind in turn. */
export function startSteadyLoad(client: Client, makers: readonly (() => Call)[], rate: number) {
  const answers: Answered[] = [];
  const pending = new Set<Promise<void>>();
  const start = performance.now();
  let sent = 0;

  async function send(make: () => Call, at: number): Promise<void> {
    try {
      const { status, text } = await client.call(make());
      const ms = performance.now() - at;
      const { degraded, ranking_version: version = null } = Object(JSON.parse(text));
      answers.push({ at, ms, status, isWhole: degraded?.length === 0, version });
    } catch {
      // A connection that was cut counts as a failed request.
      const ms = performance.now() - at;
      answers.push({ at, ms, status: 0, isWhole: false, version: null });
    }
  }

  function sendDue(): void {
    for (;;) {
      const at = start + (sent * 1000) / rate;
      const make = makers[sent % makers.length];
      if (at > performance.now() || make === undefined) return;
      sent += 1;
      const work = send(make, at);
      pending.add(work);
      void work.then(() => pending.delete(work));
    }
  }
  // Shorter than any latency that is looked at.
  const timer = setInterval(sendDue, 1);
  return {
    /** Those that were due since then and are answered. */
    since: (from: number): Answered[] => answers.filter(({ at }) => at >= from),
    /** All of them, when the last is answered. */
    async stop(): Promise<Answered[]> {
      clearInterval(timer);
      await Promise.all(pending);
      return answers;
    },
  };
}
