// A shop's history as a log to learn from: in order of time, with the items that it speaks of.
import { dropAbsent } from "./record.ts";
import { Skips } from "../sources/skips.ts";
import type { WireEvent } from "../simulate/wire.ts";
import { openHistory, type HistoryOptions } from "./open-history.ts";
import type { HistoryEvent } from "./record.ts";

/** Rows that could not be read which are told with their line; further ones are counted. */
const TOLD = 5;

export function openHistoryLog(path: string, options: HistoryOptions) {
  const skips = new Skips();

  async function readEvents(into: Skips): Promise<HistoryEvent[]> {
    into.reset();
    const events: HistoryEvent[] = [];
    let bad = 0;
    for await (const row of (await openHistory(path, options)).rows()) {
      if (row.kind === "event") events.push(row.event);
      else if (row.kind === "none") into.add("tells nothing of shopping");
      else if (++bad <= TOLD) into.lose(`line ${row.line}: ${row.reason}`);
      else into.lose("further bad rows");
    }
    return events.sort((a, b) => a.timestamp - b.timestamp);
  }

  return {
    name: "history",
    async *events(): AsyncGenerator<WireEvent> {
      // A file may be in any order, so it has to be held once.
      for (const event of await readEvents(skips)) {
        const anonymous_id = event.anonymous_id ?? event.user_id ?? event.event_id;
        yield { ...event, anonymous_id };
      }
    },
    async catalogue() {
      const items = new Map<string, CatalogueEntry>();
      for (const event of await readEvents(new Skips())) {
        for (const { item_id, price, item_category, item_brand } of event.items ?? []) {
          const news = dropAbsent({ price, item_category, item_brand });
          items.set(item_id, { ...items.get(item_id), item_id, ...news });
        }
      }
      return [...items.values()];
    },
    skipped: () => skips.toRecord(),
    lost: () => skips.lost,
  };
}

type CatalogueEntry = {
  item_id: string;
  price?: number;
  item_category?: string;
  item_brand?: string;
};
