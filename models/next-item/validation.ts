// Judges a model on held-back sessions while it trains (full ranking, ties against the target), and finds on the
// same examples how sure of itself the catalogue should be beside the pointer.
import { encodeModel } from "../graph/onnx.ts";
import { Random } from "../graph/random.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { SessionSequence } from "./dataset.ts";
import { STREAM } from "./learner.ts";
import { outputRows, runContexts } from "./scorer.ts";
import { buildServingGraph } from "./serving-graph.ts";
import type { Weights } from "./serving-graph.ts";

/** Examples judged after an epoch: enough for a standard error below a point of HR, in a few seconds. */
const EXAMPLES = 4000;
const CUTOFF = 20;
/** Contexts scored at a time, so that their scores do not pile up. */
const PART = 64;
/** Factors for the catalogue's logits that are tried. */
const CALIBRATIONS = [1, 0.9, 0.8, 0.75, 0.7, 0.65, 0.6, 0.5] as const;

export type Example = { context: SessionSequence; target: number };

export type Quality = {
  /** In percent, with the best calibration. */
  hr20: number;
  mrr20: number;
  calibration: number;
};

/** A random choice of all (prefix, next item) pairs of the sessions, the same for the same seed. */
export function chooseExamples(sessions: readonly SessionSequence[], seed: number): Example[] {
  const places: [SessionSequence, number][] = [];
  for (const session of sessions) {
    for (let at = 1; at < session.items.length; at++) places.push([session, at]);
  }
  const order = Int32Array.from({ length: places.length }, (_, i) => i);
  new Random(seed, STREAM.validation).shuffle(order);
  return Array.from(order.subarray(0, EXAMPLES)).flatMap((i) => {
    const [{ items, types, times } = { items: [] }, at] = places[i] ?? [];
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

/** The calibration with the best MRR@20, and the quality with it. */
export async function validate(
  weights: Weights,
  examples: readonly Example[],
  runtime: Runtime,
): Promise<Quality> {
  const factors = weights.config.pointer ? CALIBRATIONS : ([1] as const);
  const tallies = factors.map((calibration) => ({ calibration, hits: 0, reciprocal: 0 }));
  const graph = buildServingGraph({ ...weights, calibration: 1 }, { catalogueOnly: true });
  const session = await runtime.load(encodeModel(graph));
  for (let from = 0; from < examples.length; from += PART) {
    const part = examples.slice(from, from + PART);
    const contexts = part.map(({ context }) => context);
    const results = await runContexts(session, contexts, weights.config.length);
    const scores = outputRows(results, "scores", part.length);
    const pointers = weights.config.pointer ? outputRows(results, "pointer", part.length) : [];
    for (const [i, { context, target }] of part.entries()) {
      const pointed = pointedAt(context.items, pointers[i]);
      for (const tally of tallies) {
        const rank = rankOf(scores[i] ?? new Float32Array(), target, pointed, tally.calibration);
        if (rank > CUTOFF) continue;
        tally.hits++;
        tally.reciprocal += 1 / rank;
      }
    }
  }
  await session.release();
  const percent = 100 / Math.max(1, examples.length);
  return tallies
    .map(({ calibration, hits, reciprocal }) => ({
      hr20: hits * percent,
      mrr20: reciprocal * percent,
      calibration,
    }))
    .reduce((best, other) => (other.mrr20 > best.mrr20 ? other : best));
}

/** Sum of e^logit over the events of each item; `logits` [length] is right-aligned. */
function pointedAt(items: readonly number[], logits?: Float32Array): Map<number, number> {
  const mass = new Map<number, number>();
  if (!logits) return mass;
  const shift = logits.length - items.length;
  for (let event = Math.max(0, -shift); event < items.length; event++) {
    const item = items[event] ?? -1;
    mass.set(item, (mass.get(item) ?? 0) + Math.exp(logits[shift + event] ?? -Infinity));
  }
  return mass;
}

/** Rank from 1; among equals the target comes last. `scores` are the catalogue's alone, before calibration. */
function rankOf(
  scores: Float32Array,
  target: number,
  pointed: ReadonlyMap<number, number>,
  calibration: number,
): number {
  const full = (item: number) => {
    const logit = (scores[item] ?? NaN) * calibration;
    const mass = pointed.get(item);
    return mass === undefined ? logit : Math.log(Math.exp(logit) + mass);
  };
  const own = full(target);
  // Dividing again would miss an unpointed target itself by a rounding error.
  const threshold = pointed.has(target) ? own / calibration : (scores[target] ?? NaN);
  let rank = pointed.has(target) ? 1 : 0;
  for (const score of scores) if (score >= threshold) rank++;
  // Items that the pointer lifts were counted by their catalogue score alone.
  for (const item of pointed.keys()) {
    if ((scores[item] ?? NaN) >= threshold) rank--;
    if (item !== target && full(item) >= own) rank++;
  }
  return rank;
}
