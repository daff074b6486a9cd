// Trains a next-item encoder and hands it back as a scorer.
import type { Scorer } from "../evaluate/scorer.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { TrainConfig } from "./config.ts";
import type { NextItemData } from "./dataset.ts";

export type TrainProgress = {
  epoch: number;
  epochs: number;
  /** Steps done and in all, if no early stop comes. */
  step: number;
  steps: number;
  /** Mean sampled-softmax loss (nats) since the last report. */
  loss: number;
  /** Clicks learned from in a second, since the last report. */
  tokensPerSecond: number;
  /** Seconds to the end at this rate. */
  secondsLeft: number;
};

/** Quality on the held-back sessions after an epoch, in percent. */
export type EpochReport = { epoch: number; loss: number; hr20: number; mrr20: number };

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
  readonly history: readonly EpochReport[];
  /** Seconds spent on training, validation included. */
  readonly trainSeconds: number;
  /** Frees the runtime's memory. */
  release(): Promise<void>;
}

/** Trains from scratch. Throws where `data` holds no session of two items. */
export async function trainNextItem(options: TrainOptions): Promise<TrainedEncoder> {
  throw new Error(`the training loop is not there yet (${options.runtime.name})`);
}
