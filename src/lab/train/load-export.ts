// An export folder (or a copy of it: `dt=YYYY-MM-DD/part-*.parquet`) as next-item data, by the reader of retraining.
import { basename } from "node:path";
import { readExports } from "../../learn/read-exports.ts";
import type { ExportedLog } from "../../learn/read-exports.ts";
import { listParts } from "../../learn/read-rows.ts";
import { readCurrency } from "../../shop/money.ts";
import { readShopSettings } from "../verify/shop-settings.ts";

/**
 * Throws, with a sentence, where the folder holds no part or a part is no event log.
 * @param currency of the prices, where the files do not say it (earlier versions wrote such); else the shop's own
 */
export async function loadExport(
  folder: string,
  currency?: string,
): Promise<ExportedLog & { source: string }> {
  const { scale } =
    currency === undefined ? readShopSettings(Date.now()).money : readCurrency(currency);
  const options = { catalogue: [], minorUnits: scale, most: 0 };
  return { ...(await readExports(listParts(folder), options)), source: basename(folder) };
}
