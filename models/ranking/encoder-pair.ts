// One encoder at two moments: as it was before the last part of the log, whose clicks the ranking model learns from,
// and as it serves, trained on all of it. Together they cost what a search with a refit costs.
import type { TrainConfig } from "../next-item/config.ts";
import type { NextItemData } from "../next-item/dataset.ts";
import type { TrainProgress } from "../next-item/progress.ts";
import { createScorer } from "../next-item/scorer.ts";
import type { EncoderScorer } from "../next-item/scorer.ts";
import type { Weights } from "../next-item/serving-graph.ts";
import { trainNextItem } from "../next-item/train.ts";
import type { EpochReport } from "../next-item/train.ts";
import type { Runtime } from "../runtime/runtime.ts";

export type FrozenEncoder = { name: string; weights: Weights; scorer: EncoderScorer };

export type EncoderPair = {
  /** Knows nothing of the last `share` of the sessions. */
  earlier: FrozenEncoder;
  full: FrozenEncoder;
  history: readonly EpochReport[];
  trainSeconds: number;
  release(): Promise<void>;
};

export type PairHooks = {
  onProgress?: (progress: TrainProgress) => void;
  onEpoch?: (report: EpochReport) => void;
};

/** @param share of the sessions, the most recent ones, that choose the epoch and that `earlier` does not know */
export async function trainEncoderPair(
  data: NextItemData,
  config: TrainConfig,
  share: number,
  runtime: Runtime,
  hooks: PairHooks = {},
): Promise<EncoderPair> {
  const searching = { ...config, validation: share, refit: false };
  const search = await trainNextItem({ data, config: searching, runtime, ...hooks });
  await search.release();
  const { history } = search;
  const best = history.toSorted((a, b) => b.mrr20 - a.mrr20)[0];
  const fitting = { ...config, validation: 0, epochs: best?.epoch ?? config.epochs };
  const fit = await trainNextItem({ data, config: fitting, runtime, ...hooks });
  await fit.release();
  // How sure of itself the model should be was found out on sessions that it did not know.
  const { calibration } = search.weights;
  const earlier = await freeze(search.weights, runtime);
  const full = await freeze({ ...fit.weights, calibration }, runtime);
  return {
    earlier,
    full,
    history,
    trainSeconds: search.trainSeconds + fit.trainSeconds,
    async release() {
      await earlier.scorer.release();
      await full.scorer.release();
    },
  };
}

export async function freeze(weights: Weights, runtime: Runtime): Promise<FrozenEncoder> {
  return { name: weights.config.encoder, weights, scorer: await createScorer(weights, runtime) };
}
