// The training loop: epochs of steps, validation after each, early stopping, then a refit on all sessions.
// It can be left after any step and taken up again with the same outcome to the last bit.
import { Random } from "../graph/random.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Checkpoint, RunPlace } from "./checkpoint.ts";
import type { TrainConfig } from "./config.ts";
import type { NextItemData, SessionSequence } from "./dataset.ts";
import { commonFeatures } from "./features.ts";
import { fingerprint } from "./fingerprint.ts";
import { Learner, STREAM } from "./learner.ts";
import { packSessions, takeRows } from "./packing.ts";
import type { PackedRows } from "./packing.ts";
import { captureState, captureWeights, restoreState } from "./run-state.ts";
import type { RunState } from "./run-state.ts";
import { createScorer } from "./scorer.ts";
import type { Weights } from "./serving-graph.ts";
import type { EpochReport } from "./train.ts";
import { chooseExamples, judge } from "./validation.ts";
import type { Example } from "./validation.ts";

export type RunHooks = {
  /** After each step. `steps` is the number expected in this phase. */
  onStep?: (place: Readonly<RunPlace>, steps: number, loss: number, clicks: number) => void;
  onEpoch?: (report: EpochReport, place: Readonly<RunPlace>) => void;
  /** Called after each step, before `shouldStop`. */
  afterStep?: (capture: () => Checkpoint) => void;
  /** Asked after each step; on true the run ends with a checkpoint. */
  shouldStop?: () => boolean;
};

export type RunOutcome =
  | { kind: "finished"; weights: Weights; history: EpochReport[] }
  | { kind: "stopped"; checkpoint: Checkpoint };

/** Trains from scratch or from a checkpoint of the same data and configuration; throws where these differ. */
export async function runTraining(
  data: NextItemData,
  config: TrainConfig,
  runtime: Runtime,
  hooks: RunHooks = {},
  from?: Checkpoint,
): Promise<RunOutcome> {
  const print = fingerprint(data);
  if (from && (from.data !== print || JSON.stringify(from.config) !== JSON.stringify(config))) {
    throw new Error("the checkpoint belongs to other data or another configuration");
  }
  if (!data.sessions.some(({ items }) => items.length > 1)) {
    throw new Error("there is nothing to learn: no session has two items");
  }
  const held = Math.floor(data.sessions.length * config.validation);
  const place: RunPlace = from
    ? structuredClone(from.place)
    : startPlace(held > 0 ? "search" : "refit", config.epochs, []);
  let saved: Checkpoint | undefined = from;

  for (;;) {
    const searching = place.phase === "search";
    const sessions = searching ? data.sessions.slice(0, -held) : data.sessions;
    const learner = await Learner.create(
      data,
      sessions,
      commonFeatures(data.sessions, data.types),
      config,
      runtime,
    );
    const state: RunState = { learner, place, best: null };
    if (saved) restoreState(state, saved.arrays);
    saved = undefined;
    const examples = searching ? chooseExamples(data.sessions.slice(-held), config.seed) : [];
    const capture = () => ({ config, data: print, place, arrays: captureState(state) });
    const afterStep = () => {
      hooks.afterStep?.(capture);
      return hooks.shouldStop?.() ?? false;
    };
    const done = await runPhase(state, sessions, examples, runtime, {
      ...hooks,
      shouldStop: afterStep,
    });
    await learner.release();
    if (!done) return { kind: "stopped", checkpoint: capture() };
    if (!searching || !config.refit) {
      return {
        kind: "finished",
        weights: state.best ?? captureWeights(learner),
        history: place.history,
      };
    }
    Object.assign(place, startPlace("refit", Math.max(1, place.bestEpoch), place.history));
  }
}

function startPlace(phase: RunPlace["phase"], epochs: number, history: EpochReport[]): RunPlace {
  return { phase, step: 0, stepInEpoch: 0, epoch: 0, epochs, lossSum: 0, history, bestEpoch: 0 };
}

/** False where it was stopped. */
async function runPhase(
  state: RunState,
  sessions: readonly SessionSequence[],
  examples: readonly Example[],
  runtime: Runtime,
  hooks: RunHooks,
): Promise<boolean> {
  const { learner, place } = state;
  const { config } = learner;
  const steps = place.epochs * stepsOf(packEpoch(sessions, config, 0), config.batch);
  while (place.epoch < place.epochs) {
    const rows = packEpoch(sessions, config, place.epoch);
    const order = shuffled(rows.rows, config.seed, place.epoch, 1);
    const inEpoch = stepsOf(rows, config.batch);
    while (place.stepInEpoch < inEpoch) {
      const chosen = stepRows(order, place.stepInEpoch, config.batch);
      const batch = takeRows(rows, chosen);
      const loss = await learner.step(
        batch,
        place.step,
        rateAt(place.step, steps, config.warmupSteps),
      );
      place.step++;
      place.stepInEpoch++;
      place.lossSum += loss;
      hooks.onStep?.(place, steps, loss, countReal(batch));
      if (hooks.shouldStop?.()) return false;
    }
    await endEpoch(state, inEpoch, examples, runtime, hooks);
    if (examples.length > 0 && place.epoch - place.bestEpoch >= config.patience) return true;
  }
  return true;
}

async function endEpoch(
  state: RunState,
  steps: number,
  examples: readonly Example[],
  runtime: Runtime,
  hooks: RunHooks,
): Promise<void> {
  const { learner, place } = state;
  const loss = place.lossSum / steps;
  Object.assign(place, { epoch: place.epoch + 1, stepInEpoch: 0, lossSum: 0 });
  if (examples.length === 0) return;
  const weights = captureWeights(learner);
  const scorer = await createScorer(weights, runtime);
  const report: EpochReport = { epoch: place.epoch, loss, ...(await judge(scorer, examples)) };
  await scorer.release();
  const best = place.history[place.bestEpoch - 1];
  place.history.push(report);
  if (!best || report.mrr20 > best.mrr20) {
    place.bestEpoch = place.epoch;
    state.best = weights;
  }
  hooks.onEpoch?.(report, place);
}

/** Linear warm-up, then linear decay to zero; a short run warms up for no more than a tenth of it. */
function rateAt(step: number, steps: number, warmupSteps: number): number {
  const warmup = Math.min(warmupSteps, Math.ceil(steps / 10));
  return Math.min(1, (step + 1) / warmup) * Math.max(0, 1 - step / steps);
}

function packEpoch(
  sessions: readonly SessionSequence[],
  config: TrainConfig,
  epoch: number,
): PackedRows {
  return packSessions(sessions, shuffled(sessions.length, config.seed, epoch, 0), config.length);
}

function shuffled(count: number, seed: number, epoch: number, purpose: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  new Random(seed, STREAM.order, epoch, purpose).shuffle(order);
  return order;
}

function stepsOf(rows: PackedRows, batch: number): number {
  return Math.ceil(rows.rows / batch);
}

/** The rows of a step; -1 (an empty row) where the last step has too few. */
function stepRows(order: Int32Array, step: number, batch: number): Int32Array {
  const chosen = new Int32Array(batch).fill(-1);
  chosen.set(order.subarray(step * batch, (step + 1) * batch));
  return chosen;
}

function countReal(rows: PackedRows): number {
  return rows.target.reduce((count, item) => count + (item >= 0 ? 1 : 0), 0);
}
