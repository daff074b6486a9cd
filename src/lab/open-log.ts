// Any log that can be replayed: the public data sets, the simulated shop's file and a shop's own history, behind one
// interface.
import { openHistoryLog } from "./history/history-log.ts";
import type { HistoryOptions } from "./history/open-history.ts";
import { openSimulatedFile } from "./simulate/file-source.ts";
import type { WireEvent } from "./simulate/wire.ts";
import { separateMoments } from "./separate-moments.ts";
import { openSource, SOURCE_NAMES } from "./sources/index.ts";

export type ShopLog = {
  readonly name: string;
  /** In event-time order, no two of one shopper at one moment; every pass yields the same. */
  events(): AsyncIterable<WireEvent>;
  /** Lines of `PUT /v1/items`. */
  catalogue(): Promise<{ item_id: string }[]>;
  /** Rows that became no event, by reason. */
  skipped(): Record<string, number>;
  /** How many of them could not be read at all. */
  lost(): number;
};

export const LOG_NAMES: readonly string[] = [...new Set([...SOURCE_NAMES, "simulated", "history"])];

/** @param options of a history: how its columns are mapped */
export function openLog(name: string, path: string, options: HistoryOptions = {}): ShopLog {
  const log = openPlain(name, path, options);
  return {
    name: log.name,
    events: () => separateMoments(log.events()),
    catalogue: () => log.catalogue(),
    skipped: () => log.skipped(),
    lost: () => log.lost(),
  };
}

function openPlain(name: string, path: string, options: HistoryOptions): ShopLog {
  if (name === "simulated") return openSimulatedFile(path);
  return name === "history" ? openHistoryLog(path, options) : openSource(name, path);
}

/** The first `limit` events. */
export async function* takeEvents(log: ShopLog, limit = Infinity): AsyncGenerator<WireEvent> {
  let taken = 0;
  if (limit <= 0) return;
  for await (const event of log.events()) {
    yield event;
    taken += 1;
    if (taken >= limit) return;
  }
}
