// A trained model as the files of a model folder, manifest included. Writing them somewhere is for others.
import { encodeModel } from "../../graph/onnx.ts";
import { hashFeatureSchema } from "../../registry/manifest.ts";
import type { Manifest } from "../../registry/manifest.ts";
import { packFolder } from "../../registry/pack-folder.ts";
import { createContentTable } from "../network/content.ts";
import type { NextItemData } from "../data/dataset.ts";
import { EVENT_TYPES } from "../data/event-log.ts";
import { GAP_BUCKETS } from "../data/features.ts";
import { writeVectors } from "../network/item-vectors.ts";
import { buildServingGraph } from "../network/serving-graph.ts";
import type { ServingOptions, Weights } from "../network/serving-graph.ts";

export const FILES = {
  graph: "model.onnx",
  vocabulary: "vocabulary.json",
  /** Unit item vectors, for features of likeness; see item-vectors.ts. */
  vectors: "vectors.bin",
  /** Names and labels of the content fields, and their rows, float32 [labels, dim]. */
  content: "content.json",
  contentRows: "content.bin",
} as const;

/** What next-item models may read of an event, by position and meaning; a change of it is another schema. */
const FEATURE_SCHEMA = [
  "items: vocabulary index, -1 for none, as many as there are",
  `types: ${EVENT_TYPES.join("|")}`,
  `gaps: floor(log2(seconds + 1)) + 1, 0 for the first, ${GAP_BUCKETS} buckets`,
];

export function nextItemSchema(): Promise<string> {
  return hashFeatureSchema(FEATURE_SCHEMA);
}

export type FolderOptions = ServingOptions & {
  vocabulary: readonly string[];
  data: NextItemData;
  /** What the data is called, for the reader of the manifest. */
  source: string;
  metrics: Record<string, number>;
  /** ms since the epoch. */
  now: number;
  parent?: string;
};

/** All files by name. The version is the time and the start of the graph's hash. */
export async function createModelFolder(
  weights: Weights,
  options: FolderOptions,
): Promise<{ manifest: Manifest; files: Record<string, Uint8Array> }> {
  const { config, vectors } = weights;
  const { form = "float32" } = options;
  const graph = buildServingGraph(weights, options);
  const bytes = encodeModel(graph);
  const files: Record<string, Uint8Array> = {
    [FILES.graph]: bytes,
    [FILES.vocabulary]: jsonBytes(options.vocabulary),
    [FILES.vectors]: writeVectors(vectors, config.dim, form),
  };
  if (weights.content.length > 0) {
    const table = createContentTable(options.data.content ?? [], weights.content, config.dim);
    files[FILES.content] = jsonBytes({ dim: table.dim, fields: table.fields });
    files[FILES.contentRows] = rawBytes(table.rows);
  }
  return await packFolder(
    { graph, bytes, files, now: options.now },
    {
      task: "next-item",
      data: { source: options.source, ...dataWindow(options.data) },
      feature_schema: await nextItemSchema(),
      vocabulary: FILES.vocabulary,
      metrics: options.metrics,
      parent: options.parent ?? null,
      config: { ...config, form, calibration: weights.calibration },
      seed: config.seed,
    },
  );
}

function dataWindow({ sessions }: NextItemData): {
  from: string | null;
  to: string | null;
  events: number;
} {
  let [events, from, to] = [0, Infinity, -Infinity];
  for (const { items, times } of sessions) {
    events += items.length;
    from = Math.min(from, times?.[0] ?? Infinity);
    to = Math.max(to, times?.at(-1) ?? -Infinity);
  }
  const iso = (ms: number) => (Number.isFinite(ms) ? new Date(ms).toISOString() : null);
  return { from: iso(from), to: iso(to), events };
}

function jsonBytes(value: unknown, indent?: number): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, indent)}\n`);
}

function rawBytes(array: Float32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
