// From the files of a next-item version to a model that answers: checks its features and shapes, loads it, runs it once.
import { EVENT_NAMES } from "../../durable/state/event.ts";
import type { EventName } from "../../durable/state/event.ts";
import { GAP_BUCKETS, gapBucket } from "../next-item/features.ts";
import type { Runtime, Session, Tensor } from "../runtime/runtime.ts";
import { hashFeatureSchema } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";
import type { OpenModel, Served } from "./slot.ts";

/** One step of a shopper's way: `item` is an index of the vocabulary, `at` the event time in ms. */
export type Step = { item: number; name: EventName; at: number };

export interface NextItemModel extends Served {
  /** Item ids; the place in this list is the index that the model speaks of. */
  readonly vocabulary: readonly string[];
  /** One score for each item of the vocabulary, higher is better; steps oldest first, at least one. */
  score(steps: readonly Step[]): Promise<Float32Array>;
}

/** The names whose hash is the feature schema of a next-item model with these inputs. */
export function listNextItemFeatures(inputs: readonly string[]): string[] {
  const types = EVENT_NAMES.map((name, code) => `types:${code}=${name}`);
  return [
    "items",
    ...(inputs.includes("types") ? types : []),
    ...(inputs.includes("gaps") ? [`gaps:log2 s in ${GAP_BUCKETS}`] : []),
  ];
}

const CODES = new Map<EventName, bigint>(EVENT_NAMES.map((name, code) => [name, BigInt(code)]));

/** The graph's one file. */
const GRAPH_SUFFIX = ".onnx";

export function openNextItem(runtime: Runtime): OpenModel<NextItemModel> {
  return async ({ manifest, files }) => {
    const names = manifest.inputs.map(({ name }) => name);
    const schema = await hashFeatureSchema(listNextItemFeatures(names));
    if (manifest.feature_schema !== schema) {
      const theirs = manifest.feature_schema.slice(0, 12);
      return refuse(
        `Model ${manifest.version} reads other features (schema ${theirs}) than this Worker gives (${schema.slice(0, 12)}).`,
      );
    }
    const vocabulary = readVocabulary(files[manifest.vocabulary ?? ""]);
    if (vocabulary === null) {
      return refuse(`The vocabulary of ${manifest.version} is not a JSON array of item ids.`);
    }
    const length = readLength(manifest);
    const graph = Object.keys(files).find((name) => name.endsWith(GRAPH_SUFFIX));
    const bytes = files[graph ?? ""];
    if (length === null || bytes === undefined) {
      return refuse(`Model ${manifest.version} names no graph, or no length of its input "items".`);
    }
    const session = await runtime.load(bytes);
    const model = wrap(manifest.version, vocabulary, length, session);
    const trouble = await tryOut(model, session, names);
    if (trouble === null) return { ok: true, model };
    await session.release();
    return refuse(`Model ${manifest.version} ${trouble}.`);
  };
}

const refuse = (reason: string) => ({ ok: false, reason }) as const;

function readVocabulary(bytes: Uint8Array | undefined): string[] | null {
  if (bytes === undefined) return null;
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const isText = (id: unknown): id is string => typeof id === "string";
    return Array.isArray(json) && json.length > 0 && json.every(isText) ? json : null;
  } catch {
    // Not JSON: the caller says so.
    return null;
  }
}

/** The fixed length of the input `items` [batch, length]; null where there is none. */
function readLength(manifest: Manifest): number | null {
  const length = manifest.inputs.find(({ name }) => name === "items")?.shape[1];
  return typeof length === "number" && length > 0 ? length : null;
}

/** Lets the model answer once; the reason why it will not do, or null. */
async function tryOut(
  model: NextItemModel,
  session: Session,
  names: readonly string[],
): Promise<string | null> {
  const missing = session.inputs.find((name) => !names.includes(name));
  if (missing !== undefined) return `takes an input "${missing}" that its manifest does not name`;
  const scores = await model.score([{ item: 0, name: "view_item", at: 0 }]);
  if (scores.length !== model.vocabulary.length) {
    return `scores ${scores.length} items, but its vocabulary has ${model.vocabulary.length}`;
  }
  return scores.every((score) => Number.isFinite(score))
    ? null
    : "gives scores that are no numbers";
}

function wrap(
  version: string,
  vocabulary: readonly string[],
  length: number,
  session: Session,
): NextItemModel {
  const dims = [1, length];
  const takesTypes = session.inputs.includes("types");
  const takesGaps = session.inputs.includes("gaps");
  return {
    version,
    vocabulary,
    async score(steps) {
      const last = steps.slice(-length);
      const from = length - last.length;
      const items = new BigInt64Array(length).fill(-1n);
      const types = new BigInt64Array(takesTypes ? length : 0);
      const gaps = new BigInt64Array(takesGaps ? length : 0);
      last.forEach((step, i) => {
        items[from + i] = BigInt(step.item);
        if (takesTypes) types[from + i] = CODES.get(step.name) ?? 0n;
        if (takesGaps) gaps[from + i] = BigInt(gapBucket(last[i - 1]?.at, step.at));
      });
      const feeds: Record<string, Tensor> = { items: { type: "int64", data: items, dims } };
      if (takesTypes) feeds.types = { type: "int64", data: types, dims };
      if (takesGaps) feeds.gaps = { type: "int64", data: gaps, dims };
      const { scores } = await session.run(feeds);
      if (scores?.type !== "float32") throw new Error("the model has no float32 output `scores`");
      return scores.data;
    },
    release: () => session.release(),
  };
}
