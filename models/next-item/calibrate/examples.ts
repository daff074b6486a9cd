// The held-back examples that a model is judged and calibrated on: prefixes of sessions with the item that came next.
import { Random } from "../../graph/random.ts";
import type { SessionSequence } from "../data/dataset.ts";
import { STREAM } from "../streams.ts";

/** Examples judged after an epoch: enough for a standard error below a point of HR, in a few seconds. */
const EXAMPLES = 4000;

export type Example = { context: SessionSequence; target: number };

/** A random choice of all (prefix, next item) pairs of the sessions, the same for the same seed. */
export function chooseExamples(sessions: readonly SessionSequence[], seed: number): Example[] {
  const indexes: [SessionSequence, number][] = [];
  for (const session of sessions) {
    for (let at = 1; at < session.items.length; at++) indexes.push([session, at]);
  }
  const order = Int32Array.from({ length: indexes.length }, (_, i) => i);
  new Random(seed, STREAM.validation).shuffle(order);
  return Array.from(order.subarray(0, EXAMPLES)).flatMap((i) => {
    const [{ items, types, times } = { items: [] }, at] = indexes[i] ?? [];
    const target = items[at ?? 0];
    if (target === undefined) return [];
    const context = {
      items: items.slice(0, at),
      types: types?.slice(0, at),
      times: times?.slice(0, at),
    };
    return [{ context, target }];
  });
}
