// One encoder at two moments: as it was before the last part of the log, whose clicks the ranking model learns from,
// and as it serves, trained on all of it. Together they cost what a search with a refit costs.
import type { EpochReport } from "../../next-item/train/best-epoch.ts";
import type { Checkpoint } from "../../next-item/train/checkpoint.ts";
import type { TrainConfig } from "../../next-item/config.ts";
import { createScorer } from "../../next-item/serve/scorer.ts";
import type { EncoderScorer } from "../../next-item/serve/scorer.ts";
import type { Weights } from "../../next-item/network/serving-graph.ts";
import type { TableForm } from "../../next-item/network/table-form.ts";
import { trainNextItem, trainOrStop } from "../../next-item/train/train.ts";
import type { StoppableOptions } from "../../next-item/train/train.ts";
import type { Runtime } from "../../runtime/runtime.ts";

/** `form`: how its item table and vectors are published, and so what a ranking model learns from. */
export type FrozenEncoder = {
  name: string;
  weights: Weights;
  form: TableForm;
  scorer: EncoderScorer;
};

export type EncoderPair = {
  /** Knows nothing of the last `share` of the sessions. */
  earlier: FrozenEncoder;
  full: FrozenEncoder;
  history: readonly EpochReport[];
  trainSeconds: number;
  release(): Promise<void>;
};

/** @param share of the sessions, the most recent ones, that choose the epoch and that `earlier` does not know */
export function pairConfig(config: TrainConfig, share: number): TrainConfig {
  return { ...config, validation: share, refit: true };
}

const TOO_FEW = "There are too few sessions to hold some back.";

export type PairOptions = Omit<StoppableOptions, "config"> & {
  config: TrainConfig;
  form?: TableForm;
};

/**
 * Trains both in one run, which may be stopped and taken up as any other. `config` comes from `pairConfig`.
 * Throws where the log is too short to hold anything back.
 */
export async function trainEncoderPair(
  options: PairOptions,
): Promise<{ kind: "finished"; pair: EncoderPair } | { kind: "stopped"; checkpoint: Checkpoint }> {
  const outcome = await trainOrStop(options);
  if (outcome.kind === "stopped") return outcome;
  const { model } = outcome;
  await model.release();
  const { searched, weights, history, trainSeconds } = model;
  if (searched === null) throw new Error(TOO_FEW);
  const earlier = await freeze(searched, options.runtime, options.form);
  const full = await freeze(weights, options.runtime, options.form);
  const pair = {
    earlier,
    full,
    history,
    trainSeconds,
    async release() {
      await earlier.scorer.release();
      await full.scorer.release();
    },
  };
  return { kind: "finished", pair };
}

/** The earlier one alone, in two thirds of the time: what an evaluation needs. Throws as above. */
export async function trainEarlier(options: Omit<PairOptions, "from">): Promise<FrozenEncoder> {
  const { data, config, runtime } = options;
  if (Math.floor(data.sessions.length * config.validation) === 0) throw new Error(TOO_FEW);
  const model = await trainNextItem({ ...options, config: { ...config, refit: false } });
  await model.release();
  return freeze(model.weights, runtime, options.form);
}

export async function freeze(
  weights: Weights,
  runtime: Runtime,
  form: TableForm = "float32",
): Promise<FrozenEncoder> {
  const scorer = await createScorer(weights, runtime, { form });
  return { name: weights.config.encoder, weights, form, scorer };
}
