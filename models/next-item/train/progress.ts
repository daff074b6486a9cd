// Turns the steps of a run into what a progress bar shows.
import type { RunProgress } from "./checkpoint.ts";
import type { TrainConfig } from "../config.ts";
import { REFIT_SHARE } from "./epoch.ts";

export type TrainProgress = {
  phase: RunProgress["phase"];
  /** Epoch under way, from 1, of this phase. */
  epoch: number;
  epochs: number;
  /** Steps done and in all in this phase, if no early stop comes. */
  step: number;
  steps: number;
  /** Mean sampled-softmax loss (nats) of late. */
  loss: number;
  /** Clicks learned from in a second, of late. */
  tokensPerSecond: number;
  /** Seconds to the end of all phases at this rate. */
  secondsLeft: number;
};

/** A report at most this often, ms. */
const REPORT_EVERY = 250;
/** Weight of the newest step in the running loss. */
const NEWEST = 0.05;

type OnStep = (run: Readonly<RunProgress>, steps: number, loss: number, clicks: number) => void;

/** For `RunHooks.onStep`. */
export function createProgressMeter(
  config: TrainConfig,
  report: (progress: TrainProgress) => void,
): OnStep {
  let reported = performance.now();
  let [clicksSince, stepsSince, smooth] = [0, 0, NaN];
  return (run, steps, loss, clicks) => {
    smooth = Number.isNaN(smooth) ? loss : smooth + NEWEST * (loss - smooth);
    clicksSince += clicks;
    stepsSince++;
    const now = performance.now();
    const last = run.step >= steps;
    if (now - reported < REPORT_EVERY && !last) return;
    const seconds = (now - reported) / 1000;
    // More than it will be: the first epochs, which the refit is spared, are the longest.
    const later = run.phase === "search" && config.refit ? steps * REFIT_SHARE : 0;
    report({
      phase: run.phase,
      epoch: Math.min(run.epoch + 1, run.epochs),
      epochs: run.epochs,
      step: run.step,
      steps,
      loss: smooth,
      tokensPerSecond: clicksSince / seconds,
      secondsLeft: ((Math.max(0, steps - run.step) + later) * seconds) / stepsSince,
    });
    [reported, clicksSince, stepsSince] = [now, 0, 0];
  };
}
