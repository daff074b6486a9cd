// From the files of a next-item version to a model that answers: checks its features and shapes, loads it, runs it once.
import { accept, refuse } from "../../../durable/state/result.ts";
import type { Result } from "../../../durable/state/result.ts";
import * as z from "zod";
import type { ContentTable } from "../network/content.ts";
import { EVENT_TYPES } from "../data/event-log.ts";
import { toVocabItem, type VocabItem } from "../data/vocab-item.ts";
import type { EventType } from "../data/event-log.ts";
import { gapAt } from "../data/features.ts";
import { readVectors } from "../network/item-vectors.ts";
import type { ItemVectors } from "../network/item-vectors.ts";
import { findContentFault, findScaleFault, findVectorFault } from "./check-tables.ts";
import { FILES, nextItemSchema } from "./model-folder.ts";
import { TABLE_FORMS } from "../network/table-form.ts";
import type { Runtime, Session, Tensor } from "../../runtime/runtime.ts";
import type { Manifest, ModelFiles } from "../../registry/manifest.ts";
import { areFinite } from "../../registry/finite.ts";
import { ALONE, isWithin } from "../../registry/pace.ts";
import type { Pace } from "../../registry/pace.ts";
import type { OpenModel, Served } from "../../registry/model-cache.ts";

/** One step of a shopper's way; `at` is the event time in ms. */
export type Step<Item extends number = VocabItem> = { item: Item; type: EventType; at: number };

export type Answer = {
  /** Log-probabilities, one for each item of the vocabulary. */
  scores: Float32Array;
  /** What was taken off the logits to make them so. */
  total: number;
  /** Unit vector of the session, [dim]; null where the model does not tell. */
  state: Float32Array | null;
};

export interface NextItemModel extends Served {
  /** The numbers that the caller has for the items of the vocabulary, by the index that the model speaks of. */
  readonly numbers: Int32Array;
  /** What the model knows of categories, brands and prices; null where it learned none. */
  readonly content: ContentTable | null;
  /** Unit vectors of the items, by index; null where the version has none. */
  readonly vectors: ItemVectors<VocabItem> | null;
  /** The inner product of `state` and an item's unit vector, times this and less `total`, is a score. */
  readonly scale: number;
  /** Steps oldest first, at least one; the last ones count. */
  score(steps: readonly Step[]): Promise<Answer>;
}

/** The graph's one file. */
const GRAPH_SUFFIX = ".onnx";

/**
 * ms that one answer may take: many times what 200,000 items take, so that nothing that is well is refused where code is
 * cold, or a machine busy.
 */
export const SLOWEST_ANSWER = 500;

/** @param numberOf the caller's number of an item id; the ids themselves are not kept, they are many */
export function openNextItem(
  runtime: Runtime,
  numberOf: (id: string) => number,
  pace: Pace = ALONE,
): OpenModel<NextItemModel> {
  return async ({ manifest, files }) => {
    const schema = await nextItemSchema();
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
    const tables = readTables(files, vocabulary.length, manifest);
    const flaw = tables.ok ? await findFlaw(tables.value, vocabulary, manifest, pace) : null;
    if (!tables.ok || flaw !== null) {
      return refuse(`Model ${manifest.version} ${tables.ok ? flaw : tables.reason}.`);
    }
    const length = readLength(manifest);
    const graph = Object.keys(files).find((name) => name.endsWith(GRAPH_SUFFIX));
    const bytes = files[graph ?? ""];
    if (length === null || bytes === undefined) {
      return refuse(
        `Model ${manifest.version} names no graph, or no length of the sessions that it reads.`,
      );
    }
    await pace.yieldToRequests();
    const session = await runtime.load(bytes);
    await pace.yieldToRequests();
    const facts = {
      version: manifest.version,
      numbers: new Int32Array(vocabulary.length),
      length,
      ...tables.value,
    };
    const model = wrap({ ...facts, scale: readScale(manifest) }, session);
    const fault = await tryOut(model, session, manifest, { length, pace });
    if (fault === null) {
      // Only now: ids of a version that does not serve would take room.
      facts.numbers.set(vocabulary.map(numberOf));
      return accept(model);
    }
    await session.release();
    return refuse(`Model ${manifest.version} ${fault}.`);
  };
}

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

/** Steps: far more than any encoder reads, and few enough to try one out with as many. */
const MAX_LENGTH = 10_000;
const LengthConfig = z.object({ length: z.int().positive().max(MAX_LENGTH) });

/** How many steps the model reads at most; null where its manifest does not say, or says too many. */
function readLength({ config }: Manifest): number | null {
  return LengthConfig.safeParse(config).data?.length ?? null;
}

const ContentFile = z.object({
  dim: z.int().positive(),
  fields: z.array(z.object({ name: z.string(), labels: z.array(z.string()) })),
});

type Tables = Pick<NextItemModel, "content" | "vectors">;

/** Of each null where the version has none. */
function readTables(files: ModelFiles, items: number, manifest: Manifest): Result<Tables> {
  const content = readContent(files);
  const vectors = openVectors(files, items, manifest);
  if (content === "strange") return refuse("has content rows that are not one for each label");
  if (vectors === "strange")
    return refuse(`has vectors that are not one for each of ${items} items`);
  return accept({ content, vectors });
}

async function findFlaw(
  { content, vectors }: Tables,
  vocabulary: readonly string[],
  manifest: Manifest,
  { yieldToRequests }: Pace,
): Promise<string | null> {
  if (new Set(vocabulary).size < vocabulary.length) return "names an item twice in its vocabulary";
  if (!vocabulary.every(isId))
    return `names an item whose id is empty or above ${MAX_ID} characters`;
  const strange = findScaleFault(manifest) ?? (content && findContentFault(content));
  if (strange !== null || vectors === null) return strange;
  return await findVectorFault(vectors, vocabulary.length, yieldToRequests);
}

/** Longest id of an item, characters. */
const MAX_ID = 256;
const isId = (id: string) => id !== "" && id.length <= MAX_ID && id.isWellFormed();

/** null where the version has none: new items then wait for the next version. */
function readContent(files: ModelFiles): ContentTable | "strange" | null {
  const [described, bytes] = [files[FILES.content], files[FILES.contentRows]];
  if (described === undefined && bytes === undefined) return null;
  if (described === undefined || bytes === undefined || bytes.length % 4 !== 0) return "strange";
  const { dim, fields } = ContentFile.parse(JSON.parse(new TextDecoder().decode(described)));
  const rows = new Float32Array(bytes.slice().buffer);
  const labels = fields.reduce((sum, field) => sum + field.labels.length, 0);
  return rows.length === labels * dim ? { dim, fields, rows } : "strange";
}

const FormConfig = z.object({ form: z.enum(TABLE_FORMS) });

function openVectors(
  files: ModelFiles,
  items: number,
  { config }: Manifest,
): ItemVectors | "strange" | null {
  const bytes = files[FILES.vectors];
  const form = FormConfig.safeParse(config).data?.form ?? "float32";
  return bytes === undefined ? null : (readVectors(bytes, items, form) ?? "strange");
}

const ScaleConfig = z.object({
  scale: z.number(),
  calibration: z.object({ catalogue: z.number() }).optional(),
});

/** What the graph multiplies cosines by; see `buildServingGraph`. */
function readScale({ config }: Manifest): number {
  const read = ScaleConfig.safeParse(config);
  return read.success ? read.data.scale * (read.data.calibration?.catalogue ?? 1) : 1;
}

/** Lets the model answer; the reason why it will not do, or null. */
async function tryOut(
  model: NextItemModel,
  session: Session,
  { inputs }: Manifest,
  { length, pace }: { length: number; pace: Pace },
): Promise<string | null> {
  const missing = session.inputs.find((name) => !inputs.some((input) => input.name === name));
  if (missing !== undefined) return `takes an input "${missing}" that its manifest does not name`;
  let fault: string | null = null;
  for (const steps of makeProbes(model.numbers.length, length)) {
    const isFast = await isWithin(SLOWEST_ANSWER, pace, async () => {
      fault ??= findFault(model, await model.score(steps));
    });
    if (fault !== null) return fault;
    if (!isFast) return `takes longer than ${SLOWEST_ANSWER} ms for one answer`;
  }
  return null;
}

/** The shortest session and a longest one, which has every kind of step, pauses of all lengths and items from all over. */
function makeProbes(items: number, length: number): Step[][] {
  const at = (index: number) => (index === 0 ? 0 : 1000 * 4 ** (index % 12));
  const long = Array.from({ length }, (_, index): Step => ({
    item: toVocabItem(length === 1 ? 0 : Math.round((index * (items - 1)) / (length - 1))),
    type: EVENT_TYPES[index % EVENT_TYPES.length] ?? "view_item",
    at: at(index),
  }));
  return [[{ item: toVocabItem(0), type: "view_item", at: 0 }], long];
}

function findFault(model: NextItemModel, { scores, state, total }: Answer): string | null {
  const { numbers, content, vectors } = model;
  if (scores.length !== numbers.length) {
    return `scores ${scores.length} items, but its vocabulary has ${numbers.length}`;
  }
  const rows = state === null ? [scores] : [scores, state];
  if (!rows.every(areFinite) || !Number.isFinite(total)) {
    return "gives scores that are no numbers";
  }
  const strange = [content?.dim, vectors?.dim].find(
    (dim) => state !== null && dim !== undefined && dim !== state.length,
  );
  return strange === undefined
    ? null
    : `has a state of ${state?.length} values and items of ${strange}`;
}

type Facts = Pick<NextItemModel, "version" | "numbers" | "content" | "vectors" | "scale"> & {
  length: number;
};

function wrap({ length, ...facts }: Facts, session: Session): NextItemModel {
  return {
    ...facts,
    async score(steps) {
      const feeds = makeFeeds(steps, length, session.inputs);
      const { scores, state, total } = await session.run(feeds, ["scores", "state", "total"]);
      if (scores?.type !== "float32" || total?.type !== "float32") {
        throw new Error("the model has no float32 outputs `scores` and `total`");
      }
      return {
        scores: scores.data,
        total: total.data[0] ?? NaN,
        state: state?.type === "float32" ? state.data : null,
      };
    },
    release: () => session.release(),
  };
}

/** The last steps, `most` of them: rows [1, steps]. */
function makeFeeds(
  steps: readonly Step[],
  most: number,
  inputs: readonly string[],
): Record<string, Tensor> {
  const first = Math.max(0, steps.length - most);
  const last = steps.slice(first);
  const row = (read: (step: Step, index: number) => number): Tensor => ({
    type: "int64",
    data: BigInt64Array.from(last, (step, index) => BigInt(read(step, first + index))),
    dims: [1, last.length],
  });
  const feeds: Record<string, Tensor> = { items: row(({ item }) => item) };
  if (inputs.includes("types")) feeds.types = row(({ type }) => EVENT_TYPES.indexOf(type));
  if (inputs.includes("gaps")) {
    const session = { items: [], times: steps.map(({ at }) => at) };
    feeds.gaps = row((_, index) => gapAt(session, index));
  }
  return feeds;
}
