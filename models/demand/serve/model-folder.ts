// A trained demand model as the files of a model folder, manifest included. Writing them somewhere is for others.
import type { Graph } from "../../graph/graph.ts";
import { encodeModel } from "../../graph/onnx.ts";
import { MANIFEST_FILE } from "../../registry/keys.ts";
import { describeFiles, hashFeatureSchema, sha256 } from "../../registry/manifest.ts";
import type { Manifest, Port } from "../../registry/manifest.ts";
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
  const created = new Date(now).toISOString();
  const manifest: Manifest = {
    task: "demand",
    version: `${created.slice(0, 19).replaceAll(/[-:]/g, "")}-${(await sha256(bytes)).slice(0, 8)}`,
    created_at: created,
    data,
    feature_schema: await hashFeatureSchema(FEATURES),
    inputs: ports(graph.inputs),
    outputs: ports(graph.outputs),
    vocabulary: null,
    metrics,
    parent: null,
    files: await describeFiles(files),
    config: { ...config, quantiles: QUANTILES, corrections },
    seed: config.seed,
  };
  const json = new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`);
  return { manifest, files: { ...files, [MANIFEST_FILE]: json } };
}

function ports(values: Graph["inputs"]): Port[] {
  return Array.from(values, ([name, { type, shape }]) => ({ name, type, shape: [...shape] }));
}
