// The progress bar of a training run, on stderr.
import cliProgress from "cli-progress";
import type { TrainProgress } from "../../../models/next-item/train/progress.ts";
import type { EpochReport } from "../../../models/next-item/train/best-epoch.ts";

/** Without a terminal (a log file, CI) a line now and then will do, ms. */
const PLAIN_INTERVAL_MS = 10_000;

const PHASE = { search: "searching the best epoch", refit: "training on all sessions" } as const;

export function showProgress(): { update: (progress: TrainProgress) => void; stop: () => void } {
  const bar = new cliProgress.SingleBar({
    format:
      "{bar} {value}/{total} | epoch {epoch} | loss {loss} | {rate} clicks/s | {left} left | {phase}",
    stream: process.stderr,
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: PLAIN_INTERVAL_MS,
  });
  let started = false;
  return {
    update(progress) {
      const payload = {
        epoch: `${progress.epoch}/${progress.epochs}`,
        loss: progress.loss.toFixed(3),
        rate: Math.round(progress.tokensPerSecond),
        left: clock(progress.secondsLeft),
        phase: PHASE[progress.phase],
      };
      if (!started) bar.start(progress.steps, progress.step, payload);
      started = true;
      bar.setTotal(progress.steps);
      bar.update(progress.step, payload);
    },
    stop: () => bar.stop(),
  };
}

export function showEpoch({ epoch, loss, quality }: EpochReport): void {
  const judged = quality
    ? `, validation HR@20 ${quality.hr20.toFixed(2)}, MRR@20 ${quality.mrr20.toFixed(2)}`
    : "";
  console.error(`\nEpoch ${epoch}: loss ${loss.toFixed(3)}${judged}`);
}

/** 75 -> "1:15" */
function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
