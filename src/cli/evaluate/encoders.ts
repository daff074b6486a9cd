// The encoders as entrants: each trained from scratch on the split's data.
import { completeConfig } from "../../../models/next-item/config.ts";
import type { EncoderName } from "../../../models/next-item/config.ts";
import { trainNextItem } from "../../../models/next-item/train.ts";
import type { Runtime } from "../../../models/runtime/runtime.ts";
import { showEpoch, showProgress } from "../train/show-progress.ts";
import type { Contender } from "./contender.ts";

/** @param settings what differs from the default configuration */
export function listEncoders(
  names: readonly EncoderName[],
  settings: Readonly<Record<string, unknown>>,
  runtime: Runtime,
): Contender[] {
  return names.map((encoder) => ({
    name: encoder,
    async fit(data) {
      const config = completeConfig({ ...settings, encoder });
      const bar = showProgress();
      const model = await trainNextItem({
        data,
        config,
        runtime,
        onProgress: bar.update,
        onEpoch: showEpoch,
      }).finally(bar.stop);
      return {
        scorer: { name: encoder, score: (contexts) => model.score(contexts) },
        trainSeconds: model.trainSeconds,
        encoder: model,
        curve: { name: encoder, epochs: model.history },
        release: () => model.release(),
      };
    },
  }));
}
