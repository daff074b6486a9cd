// A trained model as the files of a folder, with the manifest that describes them. Writing them somewhere is for others.
import { MANIFEST_FILE } from "./keys.ts";
import { describeFiles, sha256, type Manifest, type ModelFiles, type Port } from "./manifest.ts";

/** A graph's inputs or outputs by name. */
type Values = Iterable<readonly [string, { type: string; shape: readonly (number | string)[] }]>;

export type Packed = {
  /** The graph as it serves, and the bytes of the file that it is. */
  graph: { inputs: Values; outputs: Values };
  bytes: Uint8Array;
  files: ModelFiles;
  /** ms since the epoch. */
  now: number;
};

type Told = Pick<
  Manifest,
  "task" | "data" | "feature_schema" | "vocabulary" | "metrics" | "parent" | "config" | "seed"
>;

/** The version is the time and the start of the graph's hash. */
export async function packFolder(
  { graph, bytes, files, now }: Packed,
  told: Told,
): Promise<{ manifest: Manifest; files: Record<string, Uint8Array> }> {
  const created = new Date(now).toISOString();
  const time = created.slice(0, 19).replaceAll(/[-:]/g, "");
  const manifest: Manifest = {
    task: told.task,
    version: `${time}-${(await sha256(bytes)).slice(0, 8)}`,
    created_at: created,
    data: told.data,
    feature_schema: told.feature_schema,
    inputs: listPorts(graph.inputs),
    outputs: listPorts(graph.outputs),
    vocabulary: told.vocabulary,
    metrics: told.metrics,
    parent: told.parent,
    files: await describeFiles(files),
    config: told.config,
    seed: told.seed,
  };
  const json = new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`);
  return { manifest, files: { ...files, [MANIFEST_FILE]: json } };
}

function listPorts(values: Values): Port[] {
  return Array.from(values, ([name, { type, shape }]) => ({ name, type, shape: [...shape] }));
}
