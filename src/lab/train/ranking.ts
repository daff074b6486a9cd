// One ranking training run from the command line: data in, the encoder whose scores are ranked, then the ranker.
import { join } from "node:path";
import { createModelFolder } from "../../../models/next-item/serve/model-folder.ts";
import { validationMetrics } from "../../../models/next-item/train/best-epoch.ts";
import { shareFor } from "../../../models/ranking/config.ts";
import { pairConfig, trainEncoderPair } from "../../../models/ranking/train/encoder-pair.ts";
import type { EncoderPair } from "../../../models/ranking/train/encoder-pair.ts";
import { createRankingFolder } from "../../../models/ranking/serve/model-folder.ts";
import { trainPipeline } from "../../../models/ranking/train/train-pipeline.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import { readRankingSettings } from "../settings-file.ts";
import { loadRanking } from "./load-ranking.ts";
import type { LoadedData } from "./load-data.ts";
import type { NextItemOptions } from "./next-item.ts";
import { startRun } from "./run.ts";
import { showRanking } from "./show-ranking.ts";
import { writeFolder } from "./write-folder.ts";

/** Where in the folder the encoder goes that the ranking model was trained beside; both are published together. */
const ENCODER_FOLDER = "next-item";

/**
 * Gives the exit code. `--config` may hold `{"encoder": {...}, "ranking": {...}}`. Ctrl-C and crashes leave a checkpoint
 * of the encoder; lists and ranker, a few minutes, follow from it and are made anew.
 */
export async function trainRankingModel(options: NextItemOptions): Promise<number> {
  const { encoder: encoderConfig, ranking } = readRankingSettings(options);
  const { data, vocabulary, source, watch } = await loadRanking(options.data, options);
  const clicks = data.sessions.reduce((sum, { items }) => sum + items.length, 0);
  const config = { ...ranking, share: shareFor(ranking, clicks) };
  console.error(`${data.sessions.length} sessions over ${data.items} items.`);
  const runtime = createNodeRuntime({ threads: options.threads });
  const run = startRun(options);
  const { form } = options;
  const training = { data, config: pairConfig(encoderConfig, config.share), runtime, form };
  const outcome = await trainEncoderPair({ ...training, ...run.hooks }).finally(run.stop);
  if (outcome.kind === "stopped") return run.keep(outcome.checkpoint);
  const { pair } = outcome;
  const shown = showRanking();
  const pipeline = { data, encoders: [pair], config, runtime, hooks: shown.hooks, watch };
  const trained = await trainPipeline(pipeline).finally(shown.stop);
  const encoder = await createEncoderFolder(pair, { data, vocabulary, source }, options);
  const { manifest, files } = await createRankingFolder(trained.ranker, {
    config,
    sources: trained.pipeline.sources,
    logSize: trained.logSize,
    encoders: [encoder.manifest.version],
    data: encoder.manifest.data,
    metrics: { validation_recall: trained.recall },
    now: Date.now(),
  });
  await pair.release();
  writeFolder(join(options.out, ENCODER_FOLDER), encoder.files);
  writeFolder(options.out, files);
  run.forget();
  const seconds = (trained.seconds + pair.trainSeconds).toFixed(0);
  console.log(`Version ${manifest.version} in ${options.out}, trained in ${seconds} s.`);
  return 0;
}

function createEncoderFolder(
  { full, history }: EncoderPair,
  loaded: LoadedData,
  { form }: NextItemOptions,
): ReturnType<typeof createModelFolder> {
  return createModelFolder(full.weights, {
    form,
    ...loaded,
    metrics: validationMetrics(history),
    now: Date.now(),
  });
}
