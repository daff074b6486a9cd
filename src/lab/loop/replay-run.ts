// One way through the log, day by day, on a Worker of its own: replay, night, and perhaps a round of retraining.
import { cpSync } from "node:fs";
import { join } from "node:path";
import { actorOf } from "../replay/batches.ts";
import { importCatalogue } from "../replay/import-catalogue.ts";
import { openClient } from "../../learn/fetch/client.ts";
import { runRound, type RoundResult } from "../../learn/round.ts";
import type { PairConfig } from "../../learn/train-pair.ts";
import { findFreePort, startLocalWorker } from "../worker/local-worker.ts";
import type { LoggedDay } from "./days.ts";
import { findRemains, forget, type Forgotten, type Remains } from "./forget.ts";
import { runNight, type Night } from "./night.ts";
import { replayDay, type DayAnswers } from "./replay-day.ts";
import { watchSwap, type Swap } from "./watch-swap.ts";

/** Patience with a local Worker on a machine that others use too, ms. */
const WAIT_MS = 1_200_000;

export type ReplayRunOptions = {
  name: string;
  /** The Worker's files: D1, R2, objects, queues. Migrated, and emptied by nobody. */
  state: string;
  /** The day to begin with; those before it are in `state` already. */
  from: number;
  days: readonly LoggedDay[];
  /** Share of the visitors that are asked about; see `replayDay`. */
  asked: number;
  /** Brought in on the first day. */
  catalogue: readonly { item_id: string }[];
  /** Null: no round after any night. */
  training: { config: PairConfig; reports: string; threads: number } | null;
  /** After this day's night this shopper is erased, who never comes back. */
  forget: { day: number; shopper: string };
  key: string;
  log: (line: string) => void;
  /** Told of all days so far, after each. */
  onDay: (days: readonly ReplayedDay[]) => void;
  /** Told of the first day after which a pair was published: the Worker's files as they then were are in `copy`. */
  onFirst?: { copy: string; tell: (day: number) => void };
};

export type ReplayedDay = DayAnswers & {
  dt: string;
  events: number;
  /** The versions that were to serve on that day, or null; `byModel` and `byRanking` tell how often they did. */
  nextItem: string | null;
  ranking: string | null;
  /** What the night's jobs counted. */
  night: Night;
  round: RoundResult | null;
  swap: Swap | null;
  /**
   * Of the erased shopper in what this night's round learned from; null before. The erasure itself comes behind a round,
   * so that this is something first.
   */
  remains: Remains | null;
};

export async function replayRun(options: ReplayRunOptions): Promise<ReplayedDay[]> {
  const { days, state, training, log, name, onFirst } = options;
  const exports = join(state, "copy-of-exports");
  const done: ReplayedDay[] = [];
  let forgotten: Forgotten | null = null;
  let isFirst = true;
  let worker = await startLocalWorker({ port: await findFreePort(), persistTo: state });
  try {
    for (const [day, { dt, events }] of days.entries()) {
      if (day < options.from) continue;
      const client = openClient(worker.url, options.key, { waitMs: WAIT_MS });
      const { api } = client;
      if (day === 0) await importCatalogue(api, options.catalogue);
      const nextItem = (await client.readModel("next-item")).current;
      const ranking = (await client.readModel("ranking")).current;
      const past = days.slice(0, day + 1);
      const answers = await replayDay(api, {
        days: past,
        asked: options.asked,
        waitMs: WAIT_MS,
      });
      const night = await runNight({
        api,
        url: worker.url,
        events: countLogged(past, day > options.forget.day ? options.forget.shopper : null),
        waitMs: WAIT_MS,
      });
      const round =
        training === null || day + 1 === days.length
          ? null
          : await runRound(client, { ...training, folder: exports, force: false, log });
      const swap =
        round?.kind === "published"
          ? await watchSwap(client, api, round.versions, lastShopper(events), WAIT_MS)
          : null;
      if (day === options.forget.day) forgotten = await forget(api, options.forget.shopper);
      const remains =
        forgotten === null || round === null ? null : await findRemains(api, exports, forgotten);
      const told = { nextItem, ranking, night, round, swap, remains };
      done.push({ dt, events: events.length, ...answers, ...told });
      options.onDay(done);
      log(`${name} ${dt}: ${describe(done.at(-1))}`);
      if (swap !== null && isFirst && onFirst !== undefined) {
        isFirst = false;
        await worker.stop();
        cpSync(state, onFirst.copy, { recursive: true });
        onFirst.tell(day);
        worker = await startLocalWorker({ port: await findFreePort(), persistTo: state });
      }
    }
  } finally {
    await worker.stop();
  }
  return done;
}

/** Events that the log must hold: all but those of a shopper who was erased. */
function countLogged(past: readonly LoggedDay[], erased: string | null): number {
  return past.flatMap(({ events }) => events).filter((event) => actorOf(event).id !== erased)
    .length;
}

/** Somebody with a history. */
function lastShopper(events: LoggedDay["events"]): string {
  return events.at(-1)?.anonymous_id ?? "";
}

function describe(day: ReplayedDay | undefined): string {
  const { recommendations } = day?.quality ?? {};
  const figures = `HR@20 ${recommendations?.["hr@20"]}, MRR@20 ${recommendations?.["mrr@20"]}`;
  return `${figures}, ${day?.byRanking} of ${recommendations?.asked} by a ranking model, then ${day?.round?.kind ?? "no round"}.`;
}
