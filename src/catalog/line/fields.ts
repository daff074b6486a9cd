// What the fields of an item are called by shops and the feeds they make: one table from their names to ours.

/** Names of a field, the first that is given counts. Keys are compared in lower case, with `_` for blanks and without `g:`. */
const NAMES = [
  ["item_id", ["item_id", "id", "product_id", "sku", "offer_id", "itemid"]],
  ["title", ["title", "item_name", "name", "product_name"]],
  ["category", ["category", "item_category", "product_type", "google_product_category"]],
  ["categories", ["categories"]],
  ["brand", ["brand", "item_brand", "vendor", "manufacturer"]],
  ["price", ["price"]],
  ["sale_price", ["sale_price"]],
  ["cost", ["cost", "cost_of_goods_sold", "cost_price"]],
  ["currency", ["currency"]],
  ["stock", ["stock", "quantity", "inventory", "stock_quantity", "quantity_to_sell_on_facebook"]],
  ["availability", ["availability"]],
  ["hidden", ["hidden"]],
  ["gtin", ["gtin", "ean", "upc", "isbn", "barcode"]],
  ["item_group_id", ["item_group_id", "group_id", "parent_id"]],
  ["description", ["description"]],
  ["image_url", ["image_url", "image_link", "image"]],
  ["url", ["url", "link", "product_url"]],
  ["created_at", ["created_at"]],
  ["attributes", ["attributes"]],
] as const satisfies (readonly [string, readonly string[]])[];

export type ItemField = (typeof NAMES)[number][0];

/** GA4's further categories of an item, in their order. */
const MORE_CATEGORIES = new Set([
  "item_category2",
  "item_category3",
  "item_category4",
  "item_category5",
]);

/** Facts that feeds give fields of their own; here they are attributes, by these names. */
const ATTRIBUTES = new Map(
  (
    "color size material pattern gender age_group condition mpn size_type size_system is_bundle multipack " +
    "energy_efficiency_class custom_label_0 custom_label_1 custom_label_2 custom_label_3 custom_label_4"
  )
    .split(" ")
    .map((name): [string, string] => [name, name]),
).set("colour", "color");

/** `attributes.waterproof` in a table is one attribute. */
const ATTRIBUTE_PREFIX = "attributes.";

const FIELD_OF = new Map<string, { field: ItemField; rank: number }>(
  NAMES.flatMap(([field, names]) => names.map((name, rank) => [name, { field, rank }] as const)),
);

export type PickedFields = {
  /** A field that is there may be null: then it is cleared. */
  given: Partial<Record<ItemField, unknown>>;
  /** In order of the fields of the line. */
  moreCategories: unknown[];
  attributes: [name: string, value: unknown][];
  unknown: string[];
};

/** Sorts the fields of one line by what they mean here. */
export function pickFields(fields: Readonly<Record<string, unknown>>): PickedFields {
  const picked: PickedFields = { given: {}, moreCategories: [], attributes: [], unknown: [] };
  const ranks = new Map<ItemField, number>();
  for (const [key, value] of Object.entries(fields)) {
    const name = normaliseName(key);
    const known = FIELD_OF.get(name);
    const attribute = ATTRIBUTES.get(name);
    if (known !== undefined) {
      if (known.rank > (ranks.get(known.field) ?? Number.POSITIVE_INFINITY)) continue;
      ranks.set(known.field, known.rank);
      picked.given[known.field] = value;
    } else if (MORE_CATEGORIES.has(name)) picked.moreCategories.push(value);
    else if (attribute !== undefined) picked.attributes.push([attribute, value]);
    else if (name.startsWith(ATTRIBUTE_PREFIX)) {
      picked.attributes.push([key.trim().slice(ATTRIBUTE_PREFIX.length), value]);
    } else picked.unknown.push(key);
  }
  return picked;
}

/** Whether a header's column names the item. */
export function isItemId(column: string): boolean {
  return FIELD_OF.get(normaliseName(column))?.field === "item_id";
}

function normaliseName(key: string): string {
  return key
    .trim()
    .toLowerCase()
    .replace(/^g:/, "")
    .replaceAll(/[\s-]+/g, "_");
}
