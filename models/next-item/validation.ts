// Judges a model on held-back sessions while it trains: full ranking, ties against the target.
import type { Scorer } from "../evaluate/scorer.ts";
import { Random } from "../graph/random.ts";
import type { SessionSequence } from "./dataset.ts";
import { STREAM } from "./learner.ts";

/** Examples judged after an epoch: enough for a standard error of half a point of HR, in a second or two. */
const EXAMPLES = 4000;
const CUTOFF = 20;
/** Contexts scored at a time, so that their scores do not pile up. */
const PART = 64;

export type Example = { context: readonly number[]; target: number };

/** A random choice of all (prefix, next item) pairs of the sessions, the same for the same seed. */
export function chooseExamples(sessions: readonly SessionSequence[], seed: number): Example[] {
  const places: [number, number][] = [];
  for (const [s, session] of sessions.entries()) {
    for (let at = 1; at < session.items.length; at++) places.push([s, at]);
  }
  const order = Int32Array.from({ length: places.length }, (_, i) => i);
  new Random(seed, STREAM.validation).shuffle(order);
  return Array.from(order.subarray(0, EXAMPLES), (i) => {
    const [s, at] = places[i] ?? [0, 1];
    const items = sessions[s]?.items ?? [];
    return { context: items.slice(0, at), target: items[at] ?? -1 };
  });
}

/** HR@20 and MRR@20 in percent. */
export async function judge(
  scorer: Scorer,
  examples: readonly Example[],
): Promise<{ hr20: number; mrr20: number }> {
  let hits = 0;
  let reciprocal = 0;
  for (let from = 0; from < examples.length; from += PART) {
    const part = examples.slice(from, from + PART);
    const scores = await scorer.score(part.map(({ context }) => context));
    for (const [i, { target }] of part.entries()) {
      const rank = rankOf(scores[i] ?? new Float32Array(), target);
      if (rank > CUTOFF) continue;
      hits++;
      reciprocal += 1 / rank;
    }
  }
  const share = 100 / Math.max(1, examples.length);
  return { hr20: hits * share, mrr20: reciprocal * share };
}

/** Rank from 1; among equals the target comes last. */
function rankOf(scores: Float32Array, target: number): number {
  const own = scores[target];
  if (own === undefined) return Infinity;
  let rank = 0;
  for (const score of scores) if (score >= own) rank++;
  return rank;
}
