// The events that an intent model learns from: of an export, or of a log that was never in a Worker.
import type { IntentEvent } from "../../../models/intent/train/replay-intent.ts";
import { guessSource } from "../guess-source.ts";
import { openLog } from "../open-log.ts";
import { readShopSettings } from "../verify/shop-settings.ts";
import { dispatchLog } from "./dispatch-log.ts";
import { isExport } from "./load-data.ts";
import type { LoadOptions } from "./load-data.ts";
import { loadExport } from "./load-export.ts";

export async function loadRows(
  path: string,
  { source, currency, map }: LoadOptions = {},
): Promise<Iterable<IntentEvent> | AsyncIterable<IntentEvent | null>> {
  if (isExport(path)) return (await loadExport(path, currency)).events;
  const kind = source ?? (await guessSource(path, map));
  if (kind === "sessions") throw new Error("Session files tell of no carts and purchases.");
  return dispatchLog(openLog(kind, path, { map }).events(), readShopSettings(Date.now()));
}
