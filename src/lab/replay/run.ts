// The replay itself: events in event-time order, each product view preceded by a question.
// It knows the HTTP API and no file, no terminal.
import type { Api } from "../../client/api.ts";
import { mapConcurrently } from "../map-concurrently.ts";
import type { WireEvent } from "../simulate/wire.ts";
import { actorsOf, actorKey, type Ask, type Batch } from "./batches.ts";
import type { LastItemRanking } from "./last-item.ts";
import type { PopularityRanking } from "./popularity.ts";
import { askNext, postEvents, type AskResult, type PostResult } from "./requests.ts";
import { countRank, type Tally } from "./tally.ts";

export type ReplayDeps = {
  api: Api;
  tally: Tally;
  popularity: PopularityRanking;
  coVisitation?: LastItemRanking;
  /** Questions in flight at a time. */
  concurrency: number;
  /** How long events that were refused as `unavailable` are sent again, ms. */
  waitMs: number;
  /** Told of each question with its answer, in the order of the log. */
  onAnswer?: (ask: Ask, answer: Answered) => void;
};

export type Answered = AskResult & { popularityRank: number; coVisitationRank: number };

/** A batch whose questions are answered and whose events are on their way. */
type UnderWay = {
  batch: Batch;
  answers: Answered[];
  actors: Set<string>;
  posted: Promise<PostResult>;
};

/** What the baselines learn of an event. */
export function observeBaselines(
  { popularity, coVisitation }: Pick<ReplayDeps, "popularity" | "coVisitation">,
  event: WireEvent,
): void {
  const [line] = event.items ?? [];
  if (event.name === "view_item" && line !== undefined) popularity.observe(line.item_id);
  coVisitation?.observe(event);
}

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
    const { rank, popularityRank, coVisitationRank, latency, degraded } = answer;
    const ask = batch.asks[index];
    if (ask !== undefined) onAnswer?.(ask, answer);
    tally.asked += 1;
    for (const part of degraded) tally.degraded[part] = (tally.degraded[part] ?? 0) + 1;
    tally.latencies.recommendations.add(latency);
    countRank(tally.model, rank);
    countRank(tally.popularity, popularityRank);
    countRank(tally.coVisitation, coVisitationRank);
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
  const { api, popularity, coVisitation, concurrency, waitMs } = deps;
  /** At most one. */
  const underWay: UnderWay[] = [];
  for await (const batch of batches) {
    const last = underWay.pop();
    const answer = async (ask: Ask): Promise<Answered> => {
      if (last?.actors.has(actorKey(ask.actor)) === true) await last.posted;
      const { actor, target } = ask;
      const popularityRank = popularity.rankOf(target);
      const coVisitationRank = coVisitation?.rankOf(actor, target) ?? Infinity;
      return { ...(await askNext(api, ask)), popularityRank, coVisitationRank };
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
    for (const event of batch.events) observeBaselines(deps, event);
    const actors = new Set(batch.events.flatMap((event) => actorsOf(event).map(actorKey)));
    underWay.push({ batch, answers, actors, posted: postEvents(api, batch.events, waitMs) });
  }
  for (const last of underWay) {
    const result = await last.posted;
    count(deps, last, result);
    yield result;
  }
}
