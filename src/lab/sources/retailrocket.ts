// RetailRocket shop log: as published (events.csv: ms, transactionid, unsorted) or as cut into sessions
// (unix seconds, category and session). It has no prices.
import { readCsv } from "./csv-file.ts";
import { deriveEventId } from "./event-id.ts";
import { Skips } from "./skips.ts";
import { CONSENT } from "./source-event.ts";
import type { CatalogueItem, Source, SourceEvent, SourceEventName } from "./source-event.ts";

const NAMES = new Map<string, SourceEventName>([
  ["view", "view_item"],
  ["addtocart", "add_to_cart"],
  ["transaction", "purchase"],
]);

const COLUMNS = {
  timestamp: ["timestamp"],
  visitor: ["visitor_id", "visitorid"],
  event: ["event"],
  item: ["item_id", "itemid"],
  category: ["category_id", "categoryid", ""],
  session: ["session_id", ""],
  transaction: ["transactionid", "transaction_id", ""],
};

/** Seconds until the year 5138; anything larger is ms (from 1973 on). */
const LARGEST_SECONDS = 1e11;

function readTimestamp(text: string): number {
  const number = text === "" ? Number.NaN : Number(text);
  return number < LARGEST_SECONDS ? number * 1000 : number;
}

export function openRetailRocket(path: string): Source {
  const skips = new Skips();

  async function* rowsAsEvents(): AsyncGenerator<SourceEvent> {
    for await (const row of readCsv(path, COLUMNS, skips)) {
      const name = NAMES.get(row.get("event"));
      const timestamp = readTimestamp(row.get("timestamp"));
      if (name === undefined) skips.add(`unknown event ${row.get("event")}`);
      else if (!Number.isFinite(timestamp)) skips.add("no timestamp");
      else if (row.get("visitor") === "" || row.get("item") === "") skips.add("no visitor or item");
      else {
        const event_id = deriveEventId("retailrocket", row.ordinal, row.text);
        const category = row.get("category");
        const session = row.get("session");
        yield {
          event_id,
          name,
          timestamp,
          anonymous_id: row.get("visitor"),
          ...(session === "" ? {} : { session_id: session }),
          items: [
            {
              item_id: row.get("item"),
              quantity: 1,
              ...(category === "" ? {} : { item_category: category }),
            },
          ],
          // Without an order number each row is an order of its own: nothing says which rows belong together.
          ...(name === "purchase" ? { transaction_id: row.get("transaction") || event_id } : {}),
          consent: CONSENT,
        };
      }
    }
  }

  return {
    name: "retailrocket",
    async *events() {
      skips.reset();
      // The published file is in no order at all, so it has to be held once (2.8 million rows, about 1 GB).
      const events: SourceEvent[] = [];
      for await (const event of rowsAsEvents()) events.push(event);
      yield* events.sort((a, b) => a.timestamp - b.timestamp);
    },
    async catalogue() {
      const items = new Map<string, CatalogueItem>();
      for await (const row of readCsv(path, COLUMNS, new Skips())) {
        const [item_id, category] = [row.get("item"), row.get("category")];
        if (item_id !== "") {
          items.set(item_id, { item_id, ...(category === "" ? {} : { item_category: category }) });
        }
      }
      return [...items.values()];
    },
    skipped: () => skips.toRecord(),
    lost: () => skips.lost,
  };
}
