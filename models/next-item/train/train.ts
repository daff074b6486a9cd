// Trains a next-item encoder and hands it back as a scorer.
import type { Scorer } from "../../evaluate/scorer.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { EpochReport } from "./best-epoch.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { completeConfig } from "../config.ts";
import type { TrainConfig } from "../config.ts";
import type { NextItemData } from "../data/dataset.ts";
import { createProgressMeter } from "./progress.ts";
import type { TrainProgress } from "./progress.ts";
import { createScorer } from "../serve/scorer.ts";
import type { Weights } from "../network/serving-graph.ts";
import { runTraining } from "./training-run.ts";

export type TrainOptions = {
  data: NextItemData;
  /** Whatever is not given is as in `DEFAULT_CONFIG`. */
  config?: Partial<TrainConfig>;
  runtime: Runtime;
  onProgress?: (progress: TrainProgress) => void;
  onEpoch?: (report: EpochReport) => void;
};

/** A trained model. As a `Scorer` it ranks all items for contexts of any length >= 1 (the last `config.length` count). */
export interface TrainedEncoder extends Scorer {
  readonly config: TrainConfig;
  readonly weights: Weights;
  /** What the search found before the refit, which never saw what was held back; null where nothing was. */
  readonly searched: Weights | null;
  readonly history: readonly EpochReport[];
  /** Seconds spent on training, validation included. */
  readonly trainSeconds: number;
  /** Unit session states, one [dim] for each context. */
  encode(contexts: readonly (readonly number[])[]): Promise<Float32Array[]>;
  /** Frees the runtime's memory. */
  release(): Promise<void>;
}

export type StoppableOptions = TrainOptions & {
  /** Asked after each step; on true the run ends with a checkpoint. */
  shouldStop?: () => boolean;
  /** Called after each step; `capture` makes a checkpoint of that moment, at the cost of a copy of everything. */
  afterStep?: (capture: () => Checkpoint) => void;
  /** Takes up a stopped run; data and configuration have to be the same. */
  from?: Checkpoint;
};

/** Trains from scratch. Throws where `data` holds no session of two items. */
export async function trainNextItem(options: TrainOptions): Promise<TrainedEncoder> {
  const outcome = await trainOrStop(options);
  if (outcome.kind === "stopped") throw new Error("training stopped though nobody asked for it");
  return outcome.model;
}

/** Like `trainNextItem`, but it can be stopped, and resumed from the checkpoint that it then gives. */
export async function trainOrStop(
  options: StoppableOptions,
): Promise<
  { kind: "finished"; model: TrainedEncoder } | { kind: "stopped"; checkpoint: Checkpoint }
> {
  const { data, runtime, onProgress, onEpoch, shouldStop, afterStep, from } = options;
  const config = completeConfig(options.config);
  const started = performance.now();
  const meter = onProgress && createProgressMeter(config, onProgress);
  const outcome = await runTraining(
    data,
    config,
    runtime,
    { onStep: meter, onEpoch, shouldStop, afterStep },
    from,
  );
  if (outcome.kind === "stopped") return outcome;
  const trainSeconds = (performance.now() - started) / 1000;
  const { weights, searched, history } = outcome;
  const scorer = await createScorer(weights, runtime);
  const model = { ...scorer, config, weights, searched, history, trainSeconds };
  return { kind: "finished", model };
}
