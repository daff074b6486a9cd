// Any log that can be replayed: the public data sets and the simulated shop's file, behind one interface.
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
};

export const LOG_NAMES: readonly string[] = [...new Set([...SOURCE_NAMES, "simulated"])];

export function openLog(name: string, path: string): ShopLog {
  const log = name === "simulated" ? openSimulatedFile(path) : openSource(name, path);
  return {
    name: log.name,
    events: () => separateMoments(log.events()),
    catalogue: () => log.catalogue(),
    skipped: () => log.skipped(),
  };
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
