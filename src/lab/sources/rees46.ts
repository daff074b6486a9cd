// REES46 multi-category shop (2019-Oct.csv and its kin): views, carts and purchases with category, brand and price.
// The published files are sorted by time, so a pass streams.
import { readCsv } from "./csv-file.ts";
import type { CsvRow } from "./csv-file.ts";
import { deriveEventId } from "./event-id.ts";
import { Skips } from "./skips.ts";
import { CONSENT } from "./source-event.ts";
import type {
  CatalogueItem,
  Source,
  SourceEvent,
  SourceEventName,
  SourceItem,
} from "./source-event.ts";

const NAMES = new Map<string, SourceEventName>([
  ["view", "view_item"],
  ["cart", "add_to_cart"],
  ["purchase", "purchase"],
]);

const COLUMNS = {
  event_time: ["event_time"],
  event_type: ["event_type"],
  product_id: ["product_id"],
  category_id: ["category_id"],
  category_code: ["category_code"],
  brand: ["brand"],
  price: ["price"],
  user_id: ["user_id"],
  user_session: ["user_session"],
};

/** The publisher names no currency; the price level fits US dollars. */
const CURRENCY = "USD";

/** "2019-10-01 00:00:00 UTC" -> ms. */
function readTimestamp(text: string): number {
  return Date.parse(text.replace(" UTC", "Z").replace(" ", "T"));
}

/** A price of 0.00 stands for "unknown" in this log: it is then left out. */
function readItem(row: CsvRow): SourceItem {
  const price = Number(row.get("price"));
  const category = row.get("category_code") || row.get("category_id");
  const brand = row.get("brand");
  return {
    item_id: row.get("product_id"),
    ...(price > 0 ? { price } : {}),
    ...(category === "" ? {} : { item_category: category }),
    ...(brand === "" ? {} : { item_brand: brand }),
  };
}

export function openRees46(path: string): Source {
  const skips = new Skips();
  return {
    name: "rees46",
    async *events(): AsyncGenerator<SourceEvent> {
      skips.reset();
      for await (const row of readCsv(path, COLUMNS, skips)) {
        const name = NAMES.get(row.get("event_type"));
        const timestamp = readTimestamp(row.get("event_time"));
        const item = readItem(row);
        if (name === undefined) skips.add(`unknown event ${row.get("event_type")}`);
        else if (!Number.isFinite(timestamp)) skips.add("no timestamp");
        else if (item.item_id === "" || row.get("user_id") === "") skips.add("no user or item");
        else {
          const event_id = deriveEventId("rees46", row.ordinal, row.text);
          const session = row.get("user_session");
          const priced = item.price === undefined ? {} : { value: item.price, currency: CURRENCY };
          yield {
            event_id,
            name,
            timestamp,
            anonymous_id: row.get("user_id"),
            ...(session === "" ? {} : { session_id: session }),
            items: [{ ...item, quantity: 1 }],
            ...(name === "purchase" ? { transaction_id: event_id } : {}),
            ...priced,
            consent: CONSENT,
          };
        }
      }
    },
    async catalogue() {
      const items = new Map<string, CatalogueItem>();
      for await (const row of readCsv(path, COLUMNS, new Skips())) {
        const item = readItem(row);
        if (item.item_id === "") continue;
        items.set(item.item_id, {
          ...item,
          ...(item.price === undefined ? {} : { currency: CURRENCY }),
        });
      }
      return [...items.values()];
    },
    skipped: () => skips.toRecord(),
    lost: () => skips.lost,
  };
}
