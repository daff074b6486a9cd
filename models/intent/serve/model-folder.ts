// A trained intent model as the files of a model folder, manifest included. Writing them somewhere is for others.
import { encodeModel } from "../../graph/onnx.ts";
import type { Manifest } from "../../registry/manifest.ts";
import { packFolder } from "../../registry/pack-folder.ts";
import { HEADS } from "../config.ts";
import type { IntentConfig } from "../config.ts";
import { intentSchema } from "../features/features.ts";
import type { RateTable } from "../features/rates.ts";
import { buildIntentGraph } from "../network.ts";
import type { IntentWeights } from "../network.ts";

export const INTENT_GRAPH = "model.onnx";
export const RATES_FILE = "rates.json";

export type IntentFolderOptions = {
  config: IntentConfig;
  rates: RateTable;
  data: Manifest["data"];
  metrics: Record<string, number>;
  /** ms since the epoch. */
  now: number;
  parent?: string;
};

/** All files by name. The version is the time and the start of the graph's hash. */
export async function createIntentFolder(
  weights: IntentWeights,
  { config, rates, data, metrics, now, parent }: IntentFolderOptions,
): Promise<{ manifest: Manifest; files: Record<string, Uint8Array> }> {
  const graph = buildIntentGraph(weights);
  const bytes = encodeModel(graph);
  const files = {
    [INTENT_GRAPH]: bytes,
    [RATES_FILE]: new TextEncoder().encode(JSON.stringify(rates)),
  };
  return await packFolder(
    { graph, bytes, files, now },
    {
      task: "intent",
      data,
      feature_schema: await intentSchema(),
      vocabulary: null,
      metrics,
      parent: parent ?? null,
      config: {
        ...config,
        heads: HEADS,
        // What a feature is taken to be where it is left out, to see what it did.
        feature_means: [...weights.normalisation.mean],
      },
      seed: config.seed,
    },
  );
}
