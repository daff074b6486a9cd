// A pair of models as a Worker's isolate would serve it, in memory: the same catalogue, live index, retrieval, ranking
// and rules, by the same code. It follows a log and answers in between.
import { accept, refuse } from "../../durable/state/result.ts";
import type { Result } from "../../durable/state/result.ts";
import { openRanking } from "../../models/ranking/serve/open-ranking.ts";
import { checkFiles, parseManifest } from "../../models/registry/manifest.ts";
import type { ModelFiles } from "../../models/registry/manifest.ts";
import { MANIFEST_FILE } from "../../models/registry/keys.ts";
import { openNextItem } from "../../models/next-item/serve/open-next-item.ts";
import type { OpenModel, Served } from "../../models/registry/model-cache.ts";
import type { Runtime } from "../../models/runtime/runtime.ts";
import { Catalog } from "../catalog/catalog.ts";
import { LiveIndex } from "../live/live-index.ts";
import { NO_MODELS, type ModelSet } from "../recommend/rank/model-set.ts";
import { NextItemSource } from "../recommend/retrieve/next-item.ts";
import { findIncompatibility, RankingStage } from "../recommend/rank/ranking-stage.ts";
import type { ChangedItem } from "../catalog/changed-item.ts";

/** Null: that stage is done without a model. */
export type PairFiles = { nextItem: ModelFiles | null; ranking: ModelFiles | null };

export const NO_FILES: PairFiles = { nextItem: null, ranking: null };

export type ServingSide = {
  /** Of the models that answer. */
  name: string;
  /** Of all their files. */
  bytes: number;
  catalog: Catalog;
  live: LiveIndex;
  models: ModelSet;
  release(): Promise<void>;
};

export type Shop = {
  /** Item ids; an item's index is its number in the side's catalogue. */
  vocabulary: readonly string[];
  catalogue: readonly ChangedItem[];
  minorUnits: number;
};

/** The reason, a sentence, is that for which a Worker would refuse the files. */
export async function openSide(
  shop: Shop,
  { nextItem, ranking }: PairFiles,
  runtime: Runtime,
): Promise<Result<ServingSide>> {
  const catalog = fillCatalog(shop);
  const live = new LiveIndex(catalog);
  const side: ServingSide = {
    name: "no model",
    bytes: 0,
    catalog,
    live,
    models: NO_MODELS,
    release: () => Promise.resolve(),
  };
  if (nextItem === null) return accept(side);
  const encoder = await openFiles(
    nextItem,
    openNextItem(runtime, (id) => catalog.intern(id)),
  );
  if (!encoder.ok) return encoder;
  const source = new NextItemSource(encoder.value.model, catalog, shop.minorUnits);
  side.name = source.model.version;
  side.bytes = encoder.value.bytes;
  side.models = { nextItem: source, ranking: null };
  side.release = () => source.model.release();
  if (ranking === null) return accept(side);
  const ranker = await openFiles(ranking, openRanking(runtime));
  if (!ranker.ok) return ranker;
  const { model, bytes } = ranker.value;
  const incompatibility = findIncompatibility(model, source.model.version);
  if (incompatibility !== null) return refuse(incompatibility);
  const opened = await RankingStage.open(model, source, { catalog, live, yieldToRequests });
  if (!opened.ok) return opened;
  live.follow(opened.value.reader.learners);
  side.bytes += bytes;
  side.models = { nextItem: source, ranking: opened.value };
  side.release = async () => {
    await source.model.release();
    await model.release();
  };
  return accept(side);
}

/** Nobody else waits here. */
const yieldToRequests = () => Promise.resolve();

async function openFiles<T extends Served>(
  files: ModelFiles,
  open: OpenModel<T>,
): Promise<Result<{ model: T; bytes: number }>> {
  const parsed = parseManifest(files[MANIFEST_FILE] ?? new Uint8Array());
  if (!parsed.ok) return parsed;
  const checked = await checkFiles(parsed.value, files);
  if (!checked.ok) return checked;
  const opened = await open({ manifest: parsed.value, files });
  if (!opened.ok) return opened;
  const bytes = Object.values(parsed.value.files).reduce((sum, file) => sum + file.bytes, 0);
  return accept({ model: opened.value, bytes });
}

function fillCatalog({ vocabulary, catalogue }: Shop): Catalog {
  const catalog = new Catalog();
  for (const id of vocabulary) catalog.intern(id);
  catalog.apply(catalogue);
  return catalog;
}
