// The replay itself: events in event-time order, each product view preceded by a question.
// It knows the HTTP API and no file, no terminal.
import type { Api } from "../../client/api.ts";
import { mapConcurrently } from "../map-concurrently.ts";
import { actorsOf, actorKey, type Ask, type Batch } from "./batches.ts";
import type { Pace } from "./pace.ts";
import { askNext, postEvents, type AskResult, type PostResult } from "./requests.ts";
import { countQuestion, type Tally } from "./tally.ts";
import type { Measured, Yardsticks } from "./yardsticks.ts";

export type ReplayDeps = {
  api: Api;
  tally: Tally;
  yardsticks: Yardsticks;
  /** Questions in flight at a time. */
  concurrency: number;
  /** How long events that were refused as `unavailable` are sent again, ms. */
  waitMs: number;
  /** Waits until it is time to go on; events go as fast as they are taken without. */
  pace?: Pace;
  /** Told of each question with its answer, in the order of the log. */
  onAnswer?: (ask: Ask, answer: Answered) => void;
};

export type Answered = AskResult & Measured;

/** A batch whose questions are answered and whose events are on their way. */
type UnderWay = {
  batch: Batch;
  answers: Answered[];
  actors: Set<string>;
  posted: Promise<PostResult>;
};

/** Counts a batch once it has been acknowledged, so that the tally and the position always agree. */
function count(
  { tally, onAnswer }: ReplayDeps,
  { batch, answers }: UnderWay,
  result: PostResult,
): void {
  tally.sent += batch.events.length;
  tally.accepted += result.accepted;
  tally.duplicates += result.duplicates;
  for (const { code } of result.rejected) tally.rejected[code] = (tally.rejected[code] ?? 0) + 1;
  for (const latency of result.latencies) tally.latencies.events.add(latency);
  for (const [index, answer] of answers.entries()) {
    const { rank, slices, ranks, latency, degraded } = answer;
    const ask = batch.asks[index];
    if (ask !== undefined) onAnswer?.(ask, answer);
    for (const part of degraded) tally.degraded[part] = (tally.degraded[part] ?? 0) + 1;
    tally.latencies.recommendations.add(latency);
    countQuestion(tally, slices, { ...ranks, recommendations: rank });
  }
}

/**
 * Two batches overlap: while the events of one are on their way, questions of the next are asked already, except
 * those of shoppers who have an event on the way. Yields after each acknowledged batch; who stops there leaves
 * no event half-sent.
 */
export async function* replay(
  deps: ReplayDeps,
  batches: AsyncIterable<Batch>,
): AsyncGenerator<PostResult> {
  const { api, yardsticks, concurrency, waitMs, pace, tally } = deps;
  /** At most one. */
  const underWay: UnderWay[] = [];
  for await (const batch of batches) {
    await pace?.(tally.sent + (underWay[0]?.batch.events.length ?? 0));
    const last = underWay.pop();
    const answer = async (ask: Ask): Promise<Answered> => {
      if (last?.actors.has(actorKey(ask.actor)) === true) await last.posted;
      const measured = yardsticks.measure(ask);
      return { ...(await askNext(api, ask)), ...measured };
    };
    // Whatever becomes of the questions, events that are on their way are waited for and counted.
    const [asked, sent] = await Promise.allSettled([
      mapConcurrently(batch.asks, concurrency, answer),
      last?.posted,
    ]);
    if (sent.status === "rejected") throw sent.reason;
    if (last !== undefined && sent.value !== undefined) {
      count(deps, last, sent.value);
      yield sent.value;
    }
    if (asked.status === "rejected") throw asked.reason;
    const answers = asked.value;
    for (const event of batch.events) yardsticks.observe(event);
    const actors = new Set(batch.events.flatMap((event) => actorsOf(event).map(actorKey)));
    underWay.push({ batch, answers, actors, posted: postEvents(api, batch.events, waitMs) });
  }
  for (const last of underWay) {
    const result = await last.posted;
    count(deps, last, result);
    yield result;
  }
}
