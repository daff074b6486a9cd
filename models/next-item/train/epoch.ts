// What an epoch consists of, as a pure function of data, seed and number: rows, their order, learning rates.
import { Random } from "../../graph/random.ts";
import type { TrainConfig } from "../config.ts";
import type { SessionSequence } from "../data/dataset.ts";
import { countRows, packSessions } from "../data/packing.ts";
import type { PackedRows } from "../data/packing.ts";
import { chanceOf, recencyIn } from "./recency.ts";
import { STREAM } from "../streams.ts";
import { thinSessions } from "./thinning.ts";

/**
 * Of the epochs that were best, the share that is gone through again with all sessions. Early epochs are the longest, so
 * this halves the steps; a third of the epochs is too little for what was held back (1 point less HR@20 on RetailRocket).
 */
export const REFIT_SHARE = 0.6;

/** The sessions of an epoch in rows. */
export function packEpoch(
  sessions: readonly SessionSequence[],
  config: TrainConfig,
  epoch: number,
  epochs: number,
): PackedRows {
  return packSessions(showEpoch(sessions, config, epoch, epochs), config.length);
}

/**
 * The sessions that an epoch shows, in a new random order, so that other sessions share a row in each. Old sessions are left
 * out more and more often; clicks are dropped less and less often, and not at all in the last epoch, which sees sessions
 * as they are.
 */
function showEpoch(
  sessions: readonly SessionSequence[],
  config: TrainConfig,
  epoch: number,
  epochs: number,
): readonly SessionSequence[] {
  const random = new Random(config.seed, STREAM.packing, epoch);
  const order = shuffled(sessions.length, random);
  const recency = recencyIn(epoch, epochs, config.recency);
  const chosen = order.filter(
    (session) => random.uniform() < chanceOf(session, sessions.length, recency),
  );
  const take = (indexes: Int32Array) =>
    Array.from(indexes, (index) => sessions[index]).filter((session) => session !== undefined);
  const shown = take(chosen);
  // Of a handful of sessions the newest may be a single click.
  const useful = shown.some(({ items }) => items.length > 1) ? shown : take(order);
  const drop = epochs > 1 ? config.clickDropout * (1 - epoch / (epochs - 1)) : 0;
  return thinSessions(useful, drop, new Random(config.seed, STREAM.thinning, epoch));
}

export function orderRows(rows: PackedRows, seed: number, epoch: number): Int32Array {
  return shuffled(rows.rows, new Random(seed, STREAM.order, epoch));
}

export function stepsOf(rows: number, batch: number): number {
  return Math.ceil(rows / batch);
}

/** Steps of all epochs, or of those before `until`. They differ, since epochs drop and pack differently. */
export function countSteps(
  sessions: readonly SessionSequence[],
  config: TrainConfig,
  epochs: number,
  until = epochs,
): number {
  let steps = 0;
  for (let epoch = 0; epoch < until; epoch++) {
    const rows = countRows(showEpoch(sessions, config, epoch, epochs), config.length);
    steps += stepsOf(rows, config.batch);
  }
  return steps;
}

/** The rows of a step; -1 (an empty row) where the last step has too few. */
export function stepRows(order: Int32Array, step: number, batch: number): Int32Array {
  const chosen = new Int32Array(batch).fill(-1);
  chosen.set(order.subarray(step * batch, (step + 1) * batch));
  return chosen;
}

/** Linear warm-up, then linear decay to zero; a short run warms up for no more than a tenth of it. */
export function rateAt(step: number, steps: number, warmupSteps: number): number {
  const warmup = Math.min(warmupSteps, Math.ceil(steps / 10));
  return Math.min(1, (step + 1) / warmup) * Math.max(0, 1 - step / steps);
}

/** Clicks that a step learns from. */
export function countReal(rows: PackedRows): number {
  return rows.target.reduce((count, item) => count + (item >= 0 ? 1 : 0), 0);
}

function shuffled(count: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  random.shuffle(order);
  return order;
}
