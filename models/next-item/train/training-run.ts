// The training loop: epochs of steps, validation after each, early stopping, then the last of them again on all sessions.
// It can be left after any step and taken up again with the same outcome to the last bit.
import type { Runtime } from "../../runtime/runtime.ts";
import { bestEpoch } from "./best-epoch.ts";
import type { EpochReport } from "./best-epoch.ts";
import { fitCalibration } from "../calibrate/calibration.ts";
import type { Checkpoint, RunProgress } from "./checkpoint.ts";
import type { TrainConfig } from "../config.ts";
import type { NextItemData, SessionSequence } from "../data/dataset.ts";
import {
  countReal,
  countSteps,
  orderRows,
  packEpoch,
  rateAt,
  REFIT_SHARE,
  stepRows,
  stepsOf,
} from "./epoch.ts";
import { commonFeatures } from "../data/features.ts";
import { fingerprint } from "../data/fingerprint.ts";
import { Learner } from "./learner.ts";
import { countClicks } from "./negatives.ts";
import { takeRows } from "../data/packing.ts";
import { recencyIn } from "./recency.ts";
import {
  captureState,
  captureWeights,
  provisionalCalibration,
  putBack,
  restoreState,
  snapshot,
} from "./run-state.ts";
import type { RunState } from "./run-state.ts";
import type { Calibration, Weights } from "../network/serving-graph.ts";
import { validateLearner } from "../calibrate/validation.ts";
import { chooseExamples } from "../calibrate/examples.ts";
import type { Quality } from "../calibrate/validation.ts";
import type { Example } from "../calibrate/examples.ts";

export type RunHooks = {
  /** After each step. `steps` is the number expected in this phase. */
  onStep?: (progress: Readonly<RunProgress>, steps: number, loss: number, clicks: number) => void;
  onEpoch?: (report: EpochReport, progress: Readonly<RunProgress>) => void;
  /** Called after each step, before `shouldStop`. */
  afterStep?: (capture: () => Checkpoint) => void;
  /** Asked after each step; on true the run ends with a checkpoint. */
  shouldStop?: () => boolean;
};

export type RunOutcome =
  | {
      kind: "finished";
      weights: Weights;
      /** Those of the search's best epoch, which never saw what was held back; null where nothing was. */
      searched: Weights | null;
      history: EpochReport[];
    }
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
    throw new Error("The checkpoint belongs to other data or another configuration.");
  }
  if (!data.sessions.some(({ items }) => items.length > 1)) {
    throw new Error("There is nothing to learn: no session has two items.");
  }
  const features = commonFeatures(data.sessions, data.types);
  const held = Math.floor(data.sessions.length * config.validation);
  const progress = from ? structuredClone(from.progress) : startProgress(held > 0, config.epochs);
  let arrays = from?.arrays;
  let searched: Weights | null = null;

  for (;;) {
    const searching = progress.phase === "search";
    const sessions = searching ? data.sessions.slice(0, -held) : data.sessions;
    const examples = searching ? chooseExamples(data.sessions.slice(-held), config.seed) : [];
    const learner = await Learner.create(data, sessions, features, config, runtime);
    const state: RunState = { learner, progress, best: null, searched };
    if (arrays) restoreState(state, arrays);
    arrays = undefined;
    const capture = () => ({ config, data: print, progress, arrays: captureState(state) });

    const done = await runPhase(state, { sessions, examples, runtime, hooks, capture });
    await learner.release();
    if (!done) return { kind: "stopped", checkpoint: capture() };
    if (state.best) putBack(learner, state.best);
    if (searching) progress.calibration = await calibrate(learner, sessions, examples, runtime);
    const weights = captureWeights(learner, progress.calibration ?? provisionalCalibration(config));
    searched = searching ? weights : state.searched;
    if (!searching || !config.refit) {
      return { kind: "finished", weights, searched, history: progress.history };
    }
    arrays = captureState({ ...state, best: null });
    startRefit(progress, data.sessions, config);
  }
}

function startProgress(search: boolean, epochs: number): RunProgress {
  const phase = search ? "search" : "refit";
  const start = { step: 0, stepInEpoch: 0, epoch: 0, lossSum: 0 };
  return { ...start, phase, epochs, history: [], calibration: null };
}

/** From the best epoch, the last of as many epochs as it took; what the search found out stays known. */
function startRefit(
  progress: RunProgress,
  sessions: readonly SessionSequence[],
  config: TrainConfig,
): void {
  const { history, calibration } = progress;
  const epochs = bestEpoch(history)?.epoch ?? 1;
  const epoch = epochs - Math.ceil(epochs * REFIT_SHARE);
  const step = countSteps(sessions, config, epochs, epoch);
  const known = { history, calibration };
  Object.assign(progress, startProgress(false, epochs), { epoch, step }, known);
}

/** Fitted on held-back examples whose target the search did train on; of others it can know nothing. */
async function calibrate(
  learner: Learner,
  sessions: readonly SessionSequence[],
  examples: readonly Example[],
  runtime: Runtime,
): Promise<Calibration> {
  const calibration = provisionalCalibration(learner.config);
  if (!learner.config.pointer) return calibration;
  const seen = countClicks(sessions, learner.tower.items);
  const known = examples.filter(({ target }) => (seen[target] ?? 0) > 0);
  return fitCalibration(captureWeights(learner, calibration), known, runtime);
}

type Phase = {
  sessions: readonly SessionSequence[];
  /** None in the refit. */
  examples: readonly Example[];
  runtime: Runtime;
  hooks: RunHooks;
  capture: () => Checkpoint;
};

/** False where it was stopped. */
async function runPhase(state: RunState, phase: Phase): Promise<boolean> {
  const { learner, progress } = state;
  const { hooks, sessions } = phase;
  const { config } = learner;
  const steps = countSteps(sessions, config, progress.epochs);
  while (progress.epoch < progress.epochs) {
    const rows = packEpoch(sessions, config, progress.epoch, progress.epochs);
    const recency = recencyIn(progress.epoch, progress.epochs, config.recency);
    learner.expect(countClicks(sessions, learner.tower.items, recency));
    const order = orderRows(rows, config.seed, progress.epoch);
    const inEpoch = stepsOf(rows.rows, config.batch);
    const draw = (ahead: number) => {
      const batch = takeRows(rows, stepRows(order, progress.stepInEpoch + ahead, config.batch));
      return learner.draw(batch, progress.step + ahead);
    };
    let next = draw(0);
    while (progress.stepInEpoch < inEpoch) {
      const now = next;
      const rate = rateAt(progress.step, steps, config.warmupSteps);
      // Behind the last step of an epoch no rows are left: that draw is of nothing, and is not used.
      const loss = await learner.step(now, rate, () => (next = draw(1)));
      progress.step++;
      progress.stepInEpoch++;
      progress.lossSum += loss;
      hooks.onStep?.(progress, steps, loss, countReal(now.rows));
      hooks.afterStep?.(phase.capture);
      if (hooks.shouldStop?.()) return false;
    }
    await endEpoch(state, inEpoch, phase);
    const best = bestEpoch(progress.history);
    if (phase.examples.length > 0 && best && progress.epoch - best.epoch >= config.patience)
      return true;
  }
  return true;
}

async function endEpoch(state: RunState, steps: number, phase: Phase): Promise<void> {
  const { learner, progress } = state;
  const loss = progress.lossSum / steps;
  Object.assign(progress, { epoch: progress.epoch + 1, stepInEpoch: 0, lossSum: 0 });
  if (phase.examples.length === 0) return;
  const quality = isJudged(progress) ? await judge(learner, phase) : null;
  const report: EpochReport = { epoch: progress.epoch, loss, quality };
  progress.history.push(report);
  if (bestEpoch(progress.history)?.epoch === progress.epoch) state.best = snapshot(learner);
  phase.hooks.onEpoch?.(report, progress);
}

/** The first half learns at high rates and is far from its best: judging it would only take time. */
function isJudged({ epoch, epochs }: RunProgress): boolean {
  return epoch > epochs / 2;
}

function judge(learner: Learner, { examples, runtime }: Phase): Promise<Quality> {
  const weights = captureWeights(learner, provisionalCalibration(learner.config));
  return validateLearner(weights, examples, runtime);
}
