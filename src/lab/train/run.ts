// A training run at the command line: shows its progress, leaves a checkpoint when stopped, takes one up again.
import type { Checkpoint } from "../../../models/next-item/train/checkpoint.ts";
import type { StoppableOptions } from "../../../models/next-item/train/train.ts";
import { CheckpointFile } from "./checkpoint-file.ts";
import { showEpoch, showProgress } from "./show-progress.ts";

/** What shells report for a command ended by Ctrl-C. */
const INTERRUPTED = 130;

export type Run = {
  hooks: Pick<StoppableOptions, "onProgress" | "onEpoch" | "afterStep" | "shouldStop" | "from">;
  /** Ends the bar. */
  stop: () => void;
  /** Writes a checkpoint, says how to go on, and gives the exit code. */
  keep: (checkpoint: Checkpoint) => number;
  /** After the model is written. */
  forget: () => void;
};

/** Throws where there is a checkpoint to resume that cannot be read. */
export function startRun({ out, resume }: { out: string; resume: boolean }): Run {
  const file = new CheckpointFile(out);
  const from = resume ? file.read() : undefined;
  if (from)
    console.error(`Going on at step ${from.progress.step} of the ${from.progress.phase} phase.`);
  let interrupted = false;
  process.once("SIGINT", () => {
    interrupted = true;
  });
  const bar = showProgress();
  return {
    hooks: {
      onProgress: bar.update,
      onEpoch: showEpoch,
      afterStep: (capture) => file.maybeWrite(capture),
      shouldStop: () => interrupted,
      from,
    },
    stop: bar.stop,
    keep(checkpoint) {
      file.write(checkpoint);
      console.error(`Stopped; the same command with --resume goes on from ${file.path}.`);
      return INTERRUPTED;
    },
    forget: () => file.remove(),
  };
}
