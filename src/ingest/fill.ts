// What the sender of an event left out of its lines and the catalogue knows: filled in before the event is folded and
// logged, and marked. What was said is never changed.
import type { EventName, ItemLine, ShopEvent } from "../../durable/state/event.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { fitsMessage } from "./read/fit.ts";
import { MAX_LABEL } from "./read/limits.ts";

/** What is known of an item; the price in minor units. */
export type KnownItem = Pick<ItemLine, "group_id" | "category" | "brand" | "price">;

/** Null for an item that nobody knows. */
export type FindItem = (item_id: string) => KnownItem | null;

const LABELS = ["group_id", "category", "brand"] as const;

/** Events in which a price says what the shopper looked at or laid in: today's is as good as theirs. */
const PRICED: ReadonlySet<EventName> = new Set<EventName>([
  "view_item",
  "view_item_list",
  "select_item",
  "search",
  "add_to_cart",
  "view_cart",
  "begin_checkout",
  "rate_item",
]);

/** About goods, not about what a shopper did with them. */
const GOODS: ReadonlySet<EventName> = new Set<EventName>(["stock_update"]);

export function fillEvent(event: ShopEvent, find: FindItem): ShopEvent {
  if (event.items.length === 0 || GOODS.has(event.name)) return event;
  const isPriced = PRICED.has(event.name) || isOrderWithoutMoney(event);
  const items = event.items.map((line) => fillLine(line, find(line.item_id), isPriced));
  if (items.every((line, i) => line === event.items[i])) return event;
  const filled = { ...event, items };
  return fitsMessage(filled) ? filled : event;
}

/** Amounts of an order are what was told of it; only where nothing was, a guess that says so is better than nothing. */
function isOrderWithoutMoney({ name, value, items }: ShopEvent): boolean {
  return name === "purchase" && value === null && items.every(({ price }) => price === null);
}

function fillLine(line: ItemLine, known: KnownItem | null, isPriced: boolean): ItemLine {
  if (known === null) return line;
  const news: Partial<KnownItem> = {};
  for (const name of LABELS) {
    if (line[name] === null && known[name] !== null) news[name] = known[name].slice(0, MAX_LABEL);
  }
  if (isPriced && line.price === null && known.price !== null) news.price = known.price;
  const filled = Object.keys(news).join(",");
  return filled === "" ? line : { ...line, ...news, filled };
}

/** Finds in what an isolate holds of the catalogue. */
export function findInCatalog(catalog: Catalog): FindItem {
  return (item_id) => {
    const item = catalog.find(item_id);
    if (item === -1) return null;
    const price = catalog.price[item] ?? -1;
    return {
      group_id: catalog.groups.texts[catalog.group[item] ?? -1] ?? null,
      category: catalog.categories.texts[catalog.category[item] ?? -1] ?? null,
      brand: catalog.brands.texts[catalog.brand[item] ?? -1] ?? null,
      price: price < 0 ? null : price,
    };
  };
}
