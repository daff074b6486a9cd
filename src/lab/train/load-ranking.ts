// What a ranking model learns from: sessions, and where the log tells of shoppers, a watch over their states.
import { statSync } from "node:fs";
import type { CandidateItem } from "../../../durable/state/features.ts";
import type { SessionSequence } from "../../../models/next-item/data/dataset.ts";
import { minorUnitsOf } from "../../shop/money.ts";
import { openLog } from "../open-log.ts";
import { readShopSettings } from "../verify/shop-settings.ts";
import { guessSource, loadData, loadLog } from "./load-data.ts";
import type { CatalogueLine, LoadedData } from "./load-data.ts";
import { LogWatch } from "./log-watch.ts";

export type RankingInput = LoadedData & { watch?: LogWatch };

/** Session files know no shoppers, and an export holds no states: there the shopper's features are left out. */
export async function loadRanking(path: string, source?: string): Promise<RankingInput> {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const kind = isFolder ? "export" : (source ?? (await guessSource(path)));
  if (kind === "export" || kind === "sessions") return loadData(path, source);
  const ordinals = new Map<SessionSequence, number[]>();
  const loaded = await loadLog(path, kind, (session, at, event) => {
    const indexes = ordinals.get(session) ?? [];
    indexes[at] = event;
    ordinals.set(session, indexes);
  });
  const log = openLog(kind, path);
  const settings = readShopSettings(Date.now());
  const unit = minorUnitsOf(undefined, settings.money) ?? 1;
  const facts = new Map<string, CatalogueLine>();
  for (const line of await log.catalogue()) facts.set(line.item_id, line);
  const items = loaded.vocabulary.map((item_id): CandidateItem => {
    const { price, item_category, item_brand }: Partial<CatalogueLine> = facts.get(item_id) ?? {};
    return {
      item_id,
      price: price === undefined ? null : Math.round(price * unit),
      category: item_category ?? null,
      brand: item_brand ?? null,
    };
  });
  const unknown: CandidateItem = { item_id: "", price: null, category: null, brand: null };
  const watch = new LogWatch(log.events(), settings, ordinals, (item) => items[item] ?? unknown);
  return { ...loaded, watch };
}
