// A pair of models in a folder under versions of another name: the next one, to swap to.
import { join } from "node:path";
import { describeFiles } from "../../../models/registry/manifest.ts";
import { writeFolder } from "../../../src/lab/train/write-folder.ts";
import { makeFolder } from "../../support/folder.ts";
import type { makeModels } from "./random-models.ts";

type Pair = Awaited<ReturnType<typeof makeModels>>;

/**
 * Gives the folder; its versions are `next-` and `rank-` with the suffix.
 *
 * @param isBroken the next-item graph is cut off, which only opening it tells
 */
export async function writePair(
  { nextItem, ranking }: Pair,
  suffix: string,
  isBroken = false,
): Promise<string> {
  const folder = join(makeFolder(), suffix);
  const graph = nextItem.files["model.onnx"] ?? new Uint8Array();
  const changed: Record<string, Uint8Array> = isBroken
    ? { "model.onnx": graph.subarray(0, graph.length >> 1) }
    : {};
  const write = (at: string, files: Record<string, Uint8Array>, manifest: object) => {
    const text = new TextEncoder().encode(JSON.stringify(manifest));
    writeFolder(at, { ...files, "manifest.json": text });
  };
  const version = `next-${suffix}`;
  const files = { ...nextItem.manifest.files, ...(await describeFiles(changed)) };
  write(folder, ranking.files, {
    ...ranking.manifest,
    version: `rank-${suffix}`,
    config: { ...ranking.manifest.config, next_item_versions: [version] },
  });
  write(
    join(folder, "next-item"),
    { ...nextItem.files, ...changed },
    { ...nextItem.manifest, version, files },
  );
  return folder;
}
