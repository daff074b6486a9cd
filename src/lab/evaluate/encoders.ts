// The encoders as entrants: each trained from scratch on the split's data.
import { completeConfig } from "../../../models/next-item/config.ts";
import type { EncoderName } from "../../../models/next-item/config.ts";
import { pairConfig, trainEncoderPair } from "../../../models/ranking/train/encoder-pair.ts";
import type { Runtime } from "../../../models/runtime/runtime.ts";
import { showEpoch, showProgress } from "../train/show-progress.ts";
import type { Contender } from "./contender.ts";

/**
 * @param settings what differs from the default configuration
 * @param share of the sessions, the most recent ones, that choose the epoch, and that the ranker learns from
 */
export function listEncoders(
  names: readonly EncoderName[],
  settings: Readonly<Record<string, unknown>>,
  share: number,
  runtime: Runtime,
): Contender[] {
  return names.map((encoder) => ({
    name: encoder,
    async fit(data) {
      const config = pairConfig(completeConfig({ ...settings, encoder }), share);
      const bar = showProgress();
      const hooks = { onProgress: bar.update, onEpoch: showEpoch };
      const options = { data, config, runtime, ...hooks };
      const outcome = await trainEncoderPair(options).finally(bar.stop);
      if (outcome.kind === "stopped")
        throw new Error("training stopped though nobody asked for it");
      const { pair } = outcome;
      const { full, history, trainSeconds } = pair;
      return {
        scorer: { name: encoder, score: (contexts) => full.scorer.score(contexts) },
        trainSeconds,
        encoder: pair,
        curve: { name: encoder, epochs: history },
        release: () => pair.release(),
      };
    },
  }));
}
