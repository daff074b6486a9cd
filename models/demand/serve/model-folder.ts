// A trained demand model as the files of a model folder, manifest included. Writing them somewhere is for others.
import { encodeModel } from "../../graph/onnx.ts";
import { hashFeatureSchema } from "../../registry/manifest.ts";
import type { Manifest } from "../../registry/manifest.ts";
import { packFolder } from "../../registry/pack-folder.ts";
import type { Corrections } from "../calibrate.ts";
import { QUANTILES } from "../config.ts";
import type { DemandConfig } from "../config.ts";
import { FEATURES } from "./features.ts";
import type { DemandWeights } from "../model.ts";
import { buildDemandGraph } from "./serving-graph.ts";

export type DemandFolderOptions = {
  config: DemandConfig;
  corrections: Corrections;
  data: Manifest["data"];
  metrics: Record<string, number>;
  /** ms since the epoch. */
  now: number;
};

/** All files by name. The version is the time and the start of the graph's hash. */
export async function createDemandFolder(
  weights: DemandWeights,
  { config, corrections, data, metrics, now }: DemandFolderOptions,
): Promise<{ manifest: Manifest; files: Record<string, Uint8Array> }> {
  const graph = buildDemandGraph(weights);
  const bytes = encodeModel(graph);
  const files = { "model.onnx": bytes };
  return await packFolder(
    { graph, bytes, files, now },
    {
      task: "demand",
      data,
      feature_schema: await hashFeatureSchema(FEATURES),
      vocabulary: null,
      metrics,
      parent: null,
      config: { ...config, quantiles: QUANTILES, corrections },
      seed: config.seed,
    },
  );
}
