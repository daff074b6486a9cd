// Opens the files of any next-item version as a scorer over another vocabulary, so that two versions answer the
// same questions through the graphs that serve.
import type { Scorer } from "../../../models/evaluate/scorer.ts";
import type { SessionSequence } from "../../../models/next-item/dataset.ts";
import { nextItemSchema } from "../../../models/next-item/model-folder.ts";
import { outputRows, runContexts } from "../../../models/next-item/scorer.ts";
import {
  checkModel,
  parseManifest,
  type Manifest,
  type ModelFiles,
} from "../../../models/registry/manifest.ts";
import { MANIFEST_FILE } from "../../../models/registry/keys.ts";
import type { Runtime } from "../../../models/runtime/runtime.ts";

/** Contexts in one run of the graph. */
const RUN_BATCH = 64;

export type OpenedFolder = {
  manifest: Manifest;
  /** All files, in bytes. */
  bytes: number;
  scorer: Scorer;
  release: () => Promise<void>;
};

export type Opened = { ok: true; folder: OpenedFolder } | { ok: false; reason: string };

/**
 * @param items vocabulary of the questions and of the answers
 * @param contexts by their list of items, with types and times
 */
export async function openFolder(
  files: ModelFiles,
  items: readonly string[],
  contexts: ReadonlyMap<readonly number[], SessionSequence>,
  runtime: Runtime,
): Promise<Opened> {
  const parsed = parseManifest(files[MANIFEST_FILE] ?? new Uint8Array());
  if (!parsed.ok) return parsed;
  const manifest = parsed.value;
  const checked = await checkModel(manifest, files, await nextItemSchema());
  if (!checked.ok) return checked;
  const own = readVocabulary(files[manifest.vocabulary ?? ""]);
  const length = manifest.inputs.find(({ name }) => name === "items")?.shape[1];
  const graph = files[Object.keys(manifest.files).find((name) => name.endsWith(".onnx")) ?? ""];
  if (own === null || typeof length !== "number" || graph === undefined)
    return { ok: false, reason: `${manifest.version} lacks a graph, a vocabulary or a length.` };
  const width = length;
  const session = await runtime.load(graph);
  const indices = new Map(own.map((id, index) => [id, index]));
  /** Index in the model's vocabulary of each item, -1 where it does not know it. */
  const toOwn = Int32Array.from(items, (id) => indices.get(id) ?? -1);

  async function score(asked: readonly (readonly number[])[]): Promise<Float32Array[]> {
    const rows: Float32Array[] = [];
    for (let from = 0; from < asked.length; from += RUN_BATCH) {
      const part = asked
        .slice(from, from + RUN_BATCH)
        .map((list) => translate(contexts.get(list) ?? { items: list }, toOwn));
      const results = await runContexts(session, part, width);
      for (const row of outputRows(results, "scores", part.length)) rows.push(spread(row, toOwn));
    }
    return rows;
  }

  return {
    ok: true,
    folder: {
      manifest,
      bytes: Object.values(manifest.files).reduce((sum, file) => sum + file.bytes, 0),
      scorer: { name: manifest.version, score },
      release: () => session.release(),
    },
  };
}

function readVocabulary(bytes: Uint8Array | undefined): string[] | null {
  if (bytes === undefined) return null;
  const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
  return Array.isArray(json) ? json.map(String) : null;
}

/** The context in the model's own indices, without the items that it does not know. */
function translate(context: SessionSequence, toOwn: Int32Array): SessionSequence {
  const known = context.items.flatMap((item, place) => ((toOwn[item] ?? -1) >= 0 ? [place] : []));
  const pick = (list: readonly number[] | undefined) => list && known.map((at) => list[at] ?? 0);
  return {
    items: known.map((place) => toOwn[context.items[place] ?? -1] ?? -1),
    types: pick(context.types),
    times: pick(context.times),
  };
}

/** Scores over the asked vocabulary; what the model does not know comes last. */
function spread(row: Float32Array, toOwn: Int32Array): Float32Array {
  const scores = new Float32Array(toOwn.length).fill(-Infinity);
  for (const [item, own] of toOwn.entries()) if (own >= 0) scores[item] = row[own] ?? -Infinity;
  return scores;
}
