// One day of the log through a Worker, each view of a known shopper asked for beforehand.
import type { Api } from "../../client/api.ts";
import { actorKey, cutBatches } from "../replay/batches.ts";
import { replay } from "../replay/run.ts";
import { CUT, restoreTally, toReport } from "../replay/tally.ts";
import { Yardsticks } from "../replay/yardsticks.ts";
import type { WireEvent } from "../simulate/wire.ts";
import { shareOf, type LoggedDay } from "./days.ts";

const BATCH_EVENTS = 100;
/** Questions in flight. */
const CONCURRENCY = 8;

export type DayAnswers = {
  quality: ReturnType<typeof toReport>;
  /** By question, in the order of the log: who would be shown the list, and 1/rank of the item viewed next, 0 beyond. */
  shoppers: string[];
  gains: number[];
  /** Questions that the next-item model took part in, and whose list the ranking model put in order. */
  byModel: number;
  byRanking: number;
  /** By what an answer had to do without. */
  degraded: Record<string, number>;
};

export type ReplayOptions = {
  /** All up to the one that is asked about: the earlier ones are passed over, but their shoppers are known. */
  days: readonly LoggedDay[];
  /** Share of the visitors, drawn by their id, that are asked about, 0..1; the events of all are sent. */
  asked: number;
  /** Patience with the Worker, ms. */
  waitMs: number;
};

export async function replayDay(
  api: Api,
  { days, asked, waitMs }: ReplayOptions,
): Promise<DayAnswers> {
  const tally = restoreTally();
  const yardsticks = new Yardsticks();
  const skip = days.slice(0, -1).reduce((sum, { events }) => sum + events.length, 0);
  const batches = cutBatches(stream(days), {
    size: BATCH_EVENTS,
    ask: true,
    wants: ({ id }) => shareOf(id, "asked") < asked,
    skip,
    onSkipped: (event) => yardsticks.observe(event),
  });
  const noted = { shoppers: [] as string[], gains: [] as number[], byModel: 0, byRanking: 0 };
  const answers = replay(
    {
      api,
      tally,
      yardsticks,
      concurrency: CONCURRENCY,
      waitMs,
      onAnswer({ actor }, { rank, nextItem, ranking }) {
        noted.shoppers.push(actorKey(actor));
        noted.gains.push(rank <= CUT ? 1 / rank : 0);
        if (nextItem !== null) noted.byModel++;
        if (ranking !== null) noted.byRanking++;
      },
    },
    batches,
  );
  for await (const { rejected } of answers) {
    if (rejected.length > 0) throw new Error(`An event was rejected: ${rejected[0]?.message}`);
  }
  return { quality: toReport(tally), ...noted, degraded: tally.degraded };
}

async function* stream(days: readonly LoggedDay[]): AsyncGenerator<WireEvent> {
  for (const { events } of days) yield* events;
}
