// What a ranking model learns from: sessions, and where the log tells of shoppers, a watch over their states.
import { FoldWatch } from "../../learn/fold-watch.ts";
import type { KnownItem } from "../../learn/read-exports.ts";
import { guessSource } from "../guess-source.ts";
import { openLog } from "../open-log.ts";
import { readShopSettings } from "../verify/shop-settings.ts";
import { isExport, loadLog, loadSessions } from "./load-data.ts";
import type { CatalogueLine, LoadedData, LoadOptions } from "./load-data.ts";
import { loadExport } from "./load-export.ts";
import { dispatchLog } from "./dispatch-log.ts";

export type RankingInput = LoadedData & { watch?: FoldWatch };

/** Session files know no shoppers: there the shopper's features are left out. */
export async function loadRanking(
  path: string,
  { source, currency, map }: LoadOptions = {},
): Promise<RankingInput> {
  if (isExport(path)) {
    const exported = await loadExport(path, currency);
    return { ...exported, watch: new FoldWatch(exported) };
  }
  const kind = source ?? (await guessSource(path, map));
  if (kind === "sessions") return loadSessions(path);
  const loaded = await loadLog(path, kind, map);
  const log = openLog(kind, path, { map });
  const settings = readShopSettings(Date.now());
  const items = new Map<string, KnownItem>();
  for (const line of await log.catalogue())
    items.set(line.item_id, toKnown(line, settings.money.scale));
  const events = dispatchLog(log.events(), settings);
  return { ...loaded, watch: new FoldWatch({ ...loaded, events, items }) };
}

function toKnown({ price, item_category, item_brand }: CatalogueLine, scale: number): KnownItem {
  return {
    price: price === undefined ? null : Math.round(price * scale),
    category: item_category ?? null,
    brand: item_brand ?? null,
  };
}
