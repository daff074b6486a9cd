// Time-ordered validation: learn from what was, be judged by the newest days. Pure.
import type { Example } from "../../../models/evaluate/judge.ts";
import { Random } from "../../../models/graph/random.ts";
import type { NextItemData, SessionSequence } from "../../../models/next-item/dataset.ts";

const DAY_MS = 86_400_000;
/** Share of the sessions that judge at least. */
const SHARE = 0.1;
/** Examples that are judged at most: standard errors of HR@20 well below a point, in seconds. */
const MAX_EXAMPLES = 5000;
/** Draws which sessions judge. */
const STREAM = 0x5eed;

export type TimeSplit = {
  train: NextItemData;
  examples: Example[];
  /** The context of each example with its types and times; shape [examples]. */
  contexts: SessionSequence[];
  /** Clicks of each item in train; shape [items]. */
  clicks: Int32Array;
  /** Sessions that begin at or after this time judge, ms. */
  cut: number;
};

/** @param seen until when the model that serves has learned, ms; later days are the fairest judges of it */
export function splitByTime(data: NextItemData, seen: number | null, seed: number): TimeSplit {
  const cut = chooseCut(data.sessions, seen);
  const held = data.sessions.filter(({ times }) => (times?.[0] ?? 0) >= cut);
  const train = {
    ...data,
    sessions: data.sessions.filter((one) => (one.times?.at(-1) ?? 0) < cut),
  };
  const clicks = new Int32Array(data.items);
  for (const { items } of train.sessions)
    for (const item of items) clicks[item] = (clicks[item] ?? 0) + 1;
  return { train, ...listExamples(held, seed), clicks, cut };
}

/** The start of a UTC day; where the log has one day only, a time within it. */
function chooseCut(sessions: readonly SessionSequence[], seen: number | null): number {
  const starts = sessions.map(({ times }) => times?.[0] ?? 0).sort((a, b) => a - b);
  const last = starts[Math.floor(starts.length * (1 - SHARE))] ?? 0;
  const day = Math.floor(last / DAY_MS) * DAY_MS;
  const cut = day > (starts[0] ?? 0) ? day : last;
  const newest = starts.at(-1) ?? 0;
  const fair = seen !== null && seen > cut && seen < newest && countFrom(starts, seen) > 0;
  return fair ? Math.floor(seen) + 1 : cut;
}

function countFrom(starts: readonly number[], time: number): number {
  return starts.filter((start) => start > time).length;
}

function listExamples(held: readonly SessionSequence[], seed: number) {
  const order = Int32Array.from({ length: held.length }, (_, place) => place);
  new Random(seed, STREAM).shuffle(order);
  const examples: Example[] = [];
  const contexts: SessionSequence[] = [];
  for (const place of order) {
    const session = held[place];
    if (session === undefined || examples.length >= MAX_EXAMPLES) continue;
    for (let at = 1; at < session.items.length; at++) {
      const context = {
        items: session.items.slice(0, at),
        types: session.types?.slice(0, at),
        times: session.times?.slice(0, at),
      };
      contexts.push(context);
      examples.push({ context: context.items, target: session.items[at] ?? -1, group: place });
    }
  }
  return { examples, contexts };
}
