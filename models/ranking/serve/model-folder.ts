// A trained ranking model as the files of a model folder, manifest included. Writing them somewhere is for others.
import { encodeModel } from "../../graph/onnx.ts";
import type { Manifest } from "../../registry/manifest.ts";
import { packFolder } from "../../registry/pack-folder.ts";
import type { RankingConfig } from "../config.ts";
import { rankingSchema } from "../features/features.ts";
import type { FeatureSources } from "../features/features.ts";
import { buildRankingGraph } from "./serving-graph.ts";
import type { RankingWeights } from "./serving-graph.ts";
import type { LogSize } from "../features/sources.ts";

export const RANKING_GRAPH = "model.onnx";

export type RankingFolderOptions = {
  config: RankingConfig;
  sources: FeatureSources;
  /** What the retrieval sources held in training. */
  logSize: LogSize;
  /** Versions of the next-item models whose scores it reads, in their order; null for one that has none. */
  encoders: readonly (string | null)[];
  data: Manifest["data"];
  /** Beside the quality on the held-back lists. */
  metrics: Record<string, number>;
  /** ms since the epoch. */
  now: number;
  parent?: string;
};

/** `quality`: on the held-back lists. */
type Trained = { weights: RankingWeights; quality: Readonly<Record<string, number>> };

/** All files by name. The version is the time and the start of the graph's hash. */
export async function createRankingFolder(
  { weights, quality }: Trained,
  options: RankingFolderOptions,
): Promise<{ manifest: Manifest; files: Record<string, Uint8Array> }> {
  const graph = buildRankingGraph(weights);
  const bytes = encodeModel(graph);
  const files = { [RANKING_GRAPH]: bytes };
  const { config, sources, logSize, encoders } = options;
  return await packFolder(
    { graph, bytes, files, now: options.now },
    {
      task: "ranking",
      data: options.data,
      feature_schema: await rankingSchema(sources),
      vocabulary: null,
      metrics: { ...options.metrics, ...prefixed(quality) },
      parent: options.parent ?? null,
      config: {
        ...config,
        sources,
        log_size: logSize,
        next_item_versions: encoders,
        // What a feature is taken to be where it is left out, to see what it did.
        feature_means: [...weights.normalisation.mean],
      },
      seed: config.seed,
    },
  );
}

function prefixed(quality: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(quality).map(([name, value]) => [`validation_${name}`, value]),
  );
}
