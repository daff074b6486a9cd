// A next-item model and the ranking model that reads it, learned from exports and packed as they will be published.
import type { TrainConfig } from "../../models/next-item/config.ts";
import { createModelFolder } from "../../models/next-item/serve/model-folder.ts";
import { trainNextItem } from "../../models/next-item/train/train.ts";
import type { Weights } from "../../models/next-item/network/serving-graph.ts";
import { shareFor, type RankingConfig } from "../../models/ranking/config.ts";
import { pairConfig, trainEncoderPair } from "../../models/ranking/train/encoder-pair.ts";
import { createRankingFolder } from "../../models/ranking/serve/model-folder.ts";
import { measureLog } from "../../models/ranking/train/assemble.ts";
import { trainPipeline } from "../../models/ranking/train/train-pipeline.ts";
import type { TrainedPipeline } from "../../models/ranking/train/train-pipeline.ts";
import { MANIFEST_FILE } from "../../models/registry/keys.ts";
import type { Manifest, ModelFiles } from "../../models/registry/manifest.ts";
import { bestEpoch } from "../../models/next-item/train/best-epoch.ts";
import type { EpochReport } from "../../models/next-item/train/best-epoch.ts";
import type { NextItemData } from "../../models/next-item/data/dataset.ts";
import type { Runtime } from "../../models/runtime/runtime.ts";
import type { ExportedLog } from "./read-exports.ts";
import { FoldWatch } from "./fold-watch.ts";

export type PairConfig = { encoder: TrainConfig; ranking: RankingConfig };

/** What has learned, before it is packed. */
export type TrainedPair = {
  data: NextItemData;
  weights: Weights;
  ranking: Pick<TrainedPipeline, "ranker" | "recall"> & {
    config: RankingConfig;
    sources: TrainedPipeline["pipeline"]["sources"];
  };
  history: readonly EpochReport[];
  seconds: number;
};

export type Version = { manifest: Manifest; files: ModelFiles };
export type PackedPair = { nextItem: Version; ranking: Version };

/** Learns from `data`, a part of the log. Throws where it is too little. */
export async function trainPair(
  log: ExportedLog,
  data: NextItemData,
  { encoder, ranking }: PairConfig,
  runtime: Runtime,
): Promise<TrainedPair> {
  const clicks = data.sessions.reduce((sum, { items }) => sum + items.length, 0);
  const config = { ...ranking, share: shareFor(ranking, clicks) };
  const training = { data, config: pairConfig(encoder, config.share), runtime };
  const outcome = await trainEncoderPair(training);
  if (outcome.kind === "stopped") throw new Error("training stopped though nobody asked for it");
  const { pair } = outcome;
  const watch = new FoldWatch(log);
  const trained = await trainPipeline({ data, encoders: [pair], config, runtime, watch });
  await pair.release();
  const { ranker, recall, pipeline, seconds } = trained;
  return {
    data,
    weights: pair.full.weights,
    ranking: { ranker, recall, config, sources: pipeline.sources },
    history: pair.history,
    seconds: seconds + pair.trainSeconds,
  };
}

/**
 * The same with an encoder that has learned from all of the log, for as many epochs as were best. The ranking model
 * stays: it learned over an encoder that did not know what came next, which one that knows everything cannot give it.
 */
export async function refit(
  pair: TrainedPair,
  { data }: ExportedLog,
  encoder: TrainConfig,
  runtime: Runtime,
): Promise<TrainedPair> {
  const epochs = bestEpoch(pair.history)?.epoch ?? encoder.epochs;
  const config = { ...encoder, epochs, validation: 0, refit: false };
  const model = await trainNextItem({ data, config, runtime });
  await model.release();
  const { calibration } = pair.weights;
  const seconds = pair.seconds + model.trainSeconds;
  return { ...pair, data, weights: { ...model.weights, calibration }, seconds };
}

export type PackOptions = {
  vocabulary: readonly string[];
  /** What the export is called, and a hash of it. */
  source: string;
  digest: string;
  metrics: Record<string, number>;
  parents: { nextItem: string | null; ranking: string | null };
  now: number;
};

export async function packPair(
  { data, weights, ranking }: TrainedPair,
  { vocabulary, source, digest, metrics, parents, now }: PackOptions,
): Promise<PackedPair> {
  const encoder = await createModelFolder(weights, {
    vocabulary,
    data,
    source,
    metrics,
    now,
    parent: parents.nextItem ?? undefined,
  });
  const ranker = await createRankingFolder(ranking.ranker, {
    config: ranking.config,
    sources: ranking.sources,
    logSize: measureLog(data),
    encoders: [encoder.manifest.version],
    data: encoder.manifest.data,
    metrics: { ...metrics, validation_recall: ranking.recall },
    now,
    parent: parents.ranking ?? undefined,
  });
  return { nextItem: noteExport(encoder, digest), ranking: noteExport(ranker, digest) };
}

/** Says in the manifest which export it learned from. */
function noteExport({ manifest, files }: Version, digest: string): Version {
  const noted = { ...manifest, export: digest };
  const bytes = new TextEncoder().encode(`${JSON.stringify(noted, null, 2)}\n`);
  return { manifest: noted, files: { ...files, [MANIFEST_FILE]: bytes } };
}
