// Model folders with random numbers in them, made by the writers that real ones are made by: speed and memory do not
// depend on what a model has learned.
import { EVENT_TYPES, priceBucket } from "../../../models/next-item/data/event-log.ts";
import { completeConfig } from "../../../models/next-item/config.ts";
import type { NextItemData } from "../../../models/next-item/data/dataset.ts";
import { createModelFolder } from "../../../models/next-item/serve/model-folder.ts";
import { modelParameters } from "../../../models/next-item/network/model.ts";
import type { TableForm } from "../../../models/next-item/network/table-form.ts";
import { initialise } from "../../../models/optimise/parameters.ts";
import { Random } from "../../../models/graph/random.ts";
import { DEFAULT_RANKING_CONFIG, TASKS } from "../../../models/ranking/config.ts";
import { featureNames } from "../../../models/ranking/features/features.ts";
import { createRankingFolder } from "../../../models/ranking/serve/model-folder.ts";
import { rankingParameters } from "../../../models/ranking/model.ts";
import { createSources } from "../../../models/ranking/features/sources.ts";

/** What a model may know of an item, as the wire says it. */
export type Described = { item_id: string; item_category?: string; price?: number };

export type ModelSize = { dim: number; form: TableForm };

type Folder = Awaited<ReturnType<typeof createModelFolder>>;

const CALIBRATION = { catalogue: 1, pointerSlope: 1, pointerShift: 0 };
/** What the retrieval sources of the ranking model may hold: a shop of some thousand clicks a day. */
const LOG = { sessions: 40_000, clicks: 120_000, span: 60 * 86_400_000 };

export async function makeModels(
  items: readonly Described[],
  { dim, form }: ModelSize,
  now: number,
): Promise<{ nextItem: Folder; ranking: Folder }> {
  const nextItem = await makeNextItem(items, { dim, form }, now);
  const names = createSources(LOG).map(({ name }) => name);
  const sources = { names: [...names, "hstu"], encoders: 1, shopper: true };
  const { length: width } = featureNames(sources);
  const shape = { width, hidden: DEFAULT_RANKING_CONFIG.hidden, tasks: TASKS };
  const parameters = initialise(rankingParameters(shape), new Random(2));
  const normalisation = {
    mean: new Float32Array(width),
    inverse: new Float32Array(width).fill(1),
  };
  const quality = { "hr@20": 0, "mrr@20": 0, "ndcg@20": 0 };
  const ranker = { weights: { shape, normalisation, parameters }, quality, history: [] };
  const ranking = await createRankingFolder(ranker, {
    config: DEFAULT_RANKING_CONFIG,
    sources,
    logSize: LOG,
    encoders: [nextItem.manifest.version],
    data: nextItem.manifest.data,
    metrics: {},
    now,
  });
  return { nextItem, ranking };
}

function makeNextItem(
  items: readonly Described[],
  { dim, form }: ModelSize,
  now: number,
): Promise<Folder> {
  const config = completeConfig({ dim });
  const features = { types: EVENT_TYPES.length, gaps: true };
  const random = new Random(1);
  const content = [
    describe("category", items, ({ item_category }) => item_category),
    describe("price", items, ({ price }) => price && String(priceBucket(price))),
  ];
  const values = content.reduce((sum, field) => sum + field.values, 0);
  const data: NextItemData = { sessions: [], items: items.length, types: features.types, content };
  const weights = {
    config,
    calibration: CALIBRATION,
    features,
    parameters: initialise(modelParameters(config, features), random),
    vectors: unitRows(random, items.length, dim),
    content: unitRows(random, values, dim),
  };
  const vocabulary = items.map(({ item_id }) => item_id);
  const source = "random numbers, for the load bench";
  return createModelFolder(weights, { form, vocabulary, data, source, metrics: {}, now });
}

function describe(
  name: string,
  items: readonly Described[],
  read: (item: Described) => string | number | undefined,
) {
  const codes = new Map<string, number>();
  const of = Int32Array.from(items, (item) => {
    const text = String(read(item) ?? "");
    if (text === "") return -1;
    const code = codes.get(text) ?? codes.size;
    codes.set(text, code);
    return code;
  });
  return { name, values: codes.size, labels: [...codes.keys()], of };
}

function unitRows(random: Random, rows: number, dim: number): Float32Array {
  const table = new Float32Array(rows * dim);
  for (let from = 0; from < table.length; from += dim) {
    let sum = 0;
    for (let d = 0; d < dim; d++) sum += (table[from + d] = random.normal()) ** 2;
    for (let d = 0; d < dim; d++) table[from + d] = (table[from + d] ?? 0) / Math.sqrt(sum);
  }
  return table;
}
