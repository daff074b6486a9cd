// The item lines of an event. A line that names no item, or has a price or quantity that cannot be, is refused alone.
import { roundQuantity } from "../../../durable/state/event.ts";
import type { EventName, ItemLine } from "../../../durable/state/event.ts";
import type { Money } from "../../shop/money.ts";
import { readUnit } from "./amounts.ts";
import { firstOf, isAbsent, isFields, type Fields } from "./fields.ts";
import { MAX_INDEX, MAX_ITEMS, MAX_LABEL, MAX_LEVEL, MAX_MONEY, MAX_PIECES } from "./limits.ts";
import { noteUnknown, type LineCode, type Notes, type RefusedLine } from "./notes.ts";
import { readNumber } from "../../shop/read/number.ts";
import { ID_LENGTH, readId, UNREADABLE } from "../../shop/read/text.ts";
import { readText } from "./text.ts";

/** Names of what a line may tell, in our words and in those of other specs. */
export const LINE_FIELDS = new Set(
  (
    "item_id id product_id productId sku item_name name title price quantity currency index position coupon discount " +
    "affiliation item_brand brand item_category item_category2 item_category3 item_category4 item_category5 category " +
    "item_variant variant item_group_id group_id item_list_id item_list_name list_id location_id promotion_id " +
    "promotion_name creative_name creative_slot google_business_vertical url image_url"
  ).split(" "),
);

/** Events in which a quantity says nothing. */
const LOOKS: ReadonlySet<EventName> = new Set<EventName>([
  "view_item",
  "view_item_list",
  "select_item",
  "search",
  "rate_item",
]);

/** Without a quantity these speak of the whole line; all others of one piece. */
const MEANS_WHOLE_LINE: ReadonlySet<EventName> = new Set<EventName>(["remove_from_cart", "refund"]);

/** What the event says of all its lines. */
export type LineDefaults = {
  name: EventName;
  /** Minor units of one unit of the event's currency. */
  unit: number;
  list_id: string | null;
  money: Money;
};

export function readLines(
  items: readonly unknown[],
  defaults: LineDefaults,
  notes: Notes,
): ItemLine[] {
  const lines: ItemLine[] = [];
  const count = Math.min(items.length, MAX_ITEMS);
  for (let index = 0; index < count; index++) {
    const line = readLine(items[index], defaults, notes);
    if ("item_id" in line) lines.push(line);
    else notes.lines.push({ line: index, ...line });
  }
  if (items.length > MAX_ITEMS) {
    const message = `items from ${MAX_ITEMS} on: an event has at most ${MAX_ITEMS} lines.`;
    notes.lines.push({ line: MAX_ITEMS, code: "too_many_lines", message });
  }
  return lines;
}

type Refusal = Omit<RefusedLine, "line">;

function readLine(item: unknown, defaults: LineDefaults, notes: Notes): ItemLine | Refusal {
  if (!isFields(item)) return refuseLine("invalid_line", "A line must be an object.");
  noteUnknown(notes, "items", item, LINE_FIELDS);
  const said = item["item_id"];
  const item_id = readId(isAbsent(said) ? findId(item) : said);
  if (item_id === null) return refuseLine("invalid_item_id", "item_id: a line needs one.");
  if (item_id === UNREADABLE) {
    return refuseLine(
      "invalid_item_id",
      `item_id: must be text of at most ${ID_LENGTH} characters without control characters, or a whole number.`,
    );
  }
  const { name } = defaults;
  const unit = isAbsent(item["currency"])
    ? defaults.unit
    : readUnit(item["currency"], defaults.money);
  if (unit === null) {
    return refuseLine("unsupported_currency", "currency: there is no exchange rate for it.");
  }
  const quantity = name === "stock_update" ? readLevel(item, notes) : readPieces(item, name, notes);
  if (typeof quantity === "object" && quantity !== null) return quantity;
  const price = readPrice(item, quantity ?? 1, unit, notes);
  if (typeof price === "object" && price !== null) return price;
  return {
    item_id,
    variant: readText(item["item_variant"] ?? item["variant"], MAX_LABEL, notes),
    group_id: readText(item["item_group_id"] ?? item["group_id"], MAX_LABEL, notes),
    price,
    quantity,
    category: readText(item["item_category"] ?? item["category"], MAX_LABEL, notes),
    brand: readText(item["item_brand"] ?? item["brand"], MAX_LABEL, notes),
    list_id: readListId(item, notes) ?? defaults.list_id,
    index: readIndex(item["index"], notes),
    coupon: readText(item["coupon"], MAX_LABEL, notes),
    filled: null,
  };
}

/** What older forms call it. */
function findId(item: Fields): unknown {
  return firstOf(item["product_id"], item["productId"], item["sku"], item["id"]);
}

/** GA4 lets a list go by either. */
export function readListId(fields: Fields, notes: Notes): string | null {
  const id = readText(fields["item_list_id"] ?? fields["list_id"], MAX_LABEL, notes);
  return id ?? readText(fields["item_list_name"], MAX_LABEL, notes);
}

/** Null for a whole line. */
function readPieces(item: Fields, name: EventName, notes: Notes): number | null | Refusal {
  const said = readNumber(item["quantity"]);
  if (said === null) return MEANS_WHOLE_LINE.has(name) ? null : 1;
  const quantity = said === UNREADABLE ? said : roundQuantity(said);
  if (quantity !== UNREADABLE && quantity > 0 && quantity <= MAX_PIECES) return quantity;
  if (!LOOKS.has(name)) {
    return refuseLine(
      "invalid_quantity",
      `quantity: must be a number above 0, of at most ${MAX_PIECES}.`,
    );
  }
  if (quantity !== 0) notes.cleaned += 1;
  return 1;
}

/** Shops count what they have sold beyond their stock as a negative one: it is sold out. */
function readLevel(item: Fields, notes: Notes): number | Refusal {
  const level = readNumber(item["quantity"]);
  if (level === null || level === UNREADABLE || level > MAX_LEVEL) {
    return refuseLine("invalid_quantity", "quantity: a stock_update needs the new level.");
  }
  if (level < 0) notes.cleaned += 1;
  return Math.max(0, roundQuantity(level));
}

/** Minor units of the shop's currency. */
function readPrice(
  item: Fields,
  quantity: number,
  unit: number,
  notes: Notes,
): number | null | Refusal {
  const price = readNumber(item["price"]);
  if (price === null) return null;
  if (price === UNREADABLE) {
    notes.cleaned += 1;
    return null;
  }
  if (price < 0 || price > MAX_MONEY || price * quantity > MAX_MONEY) {
    return refuseLine(
      "invalid_price",
      `price: must lie between 0 and ${MAX_MONEY}, times the quantity too.`,
    );
  }
  return Math.round(price * unit);
}

function readIndex(value: unknown, notes: Notes): number | null {
  const index = readNumber(value);
  if (index === null) return null;
  if (index !== UNREADABLE && Number.isInteger(index) && index >= 0 && index <= MAX_INDEX) {
    return index;
  }
  notes.cleaned += 1;
  return null;
}

function refuseLine(code: LineCode, message: string): Refusal {
  return { code, message };
}
