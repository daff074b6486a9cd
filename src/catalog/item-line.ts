// One line of `PUT /v1/items`: its schema, and its way into the row that is written.
// A line says what it wants to change: a field that is left out stays as it is, null clears it.
import { accept, refuse } from "../../durable/state/result.ts";
import type { Result } from "../../durable/state/result.ts";
import * as z from "zod";

/** Longer ids are mistakes; the events' schema has the same limit. */
export const MAX_ITEM_ID = 256;
/** Room for the longest titles of real feeds. */
const MAX_TEXT = 1000;
const MAX_URL = 2048;
/** In any currency: in minor units still a safe integer. */
const MAX_PRICE = 1e12;
/** Far above any warehouse, and within 32 bits. */
const MAX_STOCK = 2_000_000_000;
/** Bytes of JSON; the rest of the row is far smaller. */
export const MAX_ATTRIBUTES = 16_384;

export const ItemId = z
  .string()
  .min(1)
  .max(MAX_ITEM_ID)
  .regex(/^[^\p{Cc}]*$/u, "must not hold control characters");

const label = z.string().trim().max(MAX_TEXT).nullish();
/** Absolute http(s) or a path in the shop; so nothing like `javascript:` ever comes back to a page. */
const link = z
  .string()
  .max(MAX_URL)
  .regex(/^(https?:\/\/|\/)/i, "must begin with http://, https:// or /")
  .nullish();
const scalar = z.union([z.string().max(MAX_TEXT), z.number(), z.boolean()]);

/** Units for sale. */
export const StockLevel = z.number().int().nonnegative().max(MAX_STOCK);

export const ItemLine = z.object({
  item_id: ItemId,
  title: label,
  category: label,
  brand: label,
  price: z.number().nonnegative().max(MAX_PRICE).meta({ format: "decimal" }).nullish(),
  currency: z.string().optional(),
  stock: StockLevel.nullish(),
  attributes: z.record(z.string().max(100), z.union([scalar, z.array(scalar).max(100)])).nullish(),
  image_url: link,
  url: link,
  created_at: z.iso.datetime({ offset: true }).optional(),
  /** GA4's names for title, category and brand. */
  item_name: label,
  item_category: label,
  item_brand: label,
});

/** What a line changes. Money in minor units, attributes as JSON text, time in ms; absent keys stay as they are. */
export type ItemChange = {
  item_id: string;
  title?: string | null;
  category?: string | null;
  brand?: string | null;
  price?: number | null;
  stock?: number | null;
  attributes?: string | null;
  image_url?: string | null;
  url?: string | null;
  created_at?: number;
};

export const ITEM_CODES = [
  "invalid_json",
  "invalid_item",
  "unsupported_currency",
  "line_too_long",
  "invalid_utf8",
] as const;
export type ItemCode = (typeof ITEM_CODES)[number];

/** Why a line is not taken, with a sentence for its sender. */
export type LineRefusal = { code: ItemCode; message: string };

/** Decimal price in a currency (undefined = the shop's) to the shop's minor units; null where the currency is unknown. */
export type ToMinorUnits = (price: number, currency: string | undefined) => number | null;

export function parseItemLine(
  text: string,
  toMinorUnits: ToMinorUnits,
): Result<ItemChange, LineRefusal> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse({ code: "invalid_json", message: "The line is not valid JSON." });
  }
  const parsed = ItemLine.safeParse(json);
  if (!parsed.success) {
    return refuse({ code: "invalid_item", message: describeIssue(parsed.error) });
  }
  const line = parsed.data;
  const change: ItemChange = { item_id: line.item_id };
  const title = line.title === undefined ? line.item_name : line.title;
  const category = line.category === undefined ? line.item_category : line.category;
  const brand = line.brand === undefined ? line.item_brand : line.brand;
  // An empty text says no more than null does.
  if (title !== undefined) change.title = title || null;
  if (category !== undefined) change.category = category || null;
  if (brand !== undefined) change.brand = brand || null;
  if (line.image_url !== undefined) change.image_url = line.image_url;
  if (line.url !== undefined) change.url = line.url;
  if (line.stock !== undefined) change.stock = line.stock;
  if (line.created_at !== undefined) change.created_at = Date.parse(line.created_at);
  if (line.attributes !== undefined) {
    change.attributes = line.attributes === null ? null : JSON.stringify(line.attributes);
    if ((change.attributes?.length ?? 0) > MAX_ATTRIBUTES) {
      const message = `attributes: more than ${MAX_ATTRIBUTES} characters of JSON.`;
      return refuse({ code: "invalid_item", message });
    }
  }
  if (typeof line.price === "number") {
    const price = toMinorUnits(line.price, line.currency);
    if (price === null) {
      const message = `currency: there is no exchange rate for "${line.currency?.slice(0, 10)}".`;
      return refuse({ code: "unsupported_currency", message });
    }
    change.price = price;
  } else if (line.price === null) change.price = null;
  return accept(change);
}

/** The first issue as a sentence: which field, and what is wrong with it. */
export function describeIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return "The line is not an item.";
  const path = issue.path.join(".").slice(0, 100);
  return `${path === "" ? "item" : path}: ${issue.message}.`;
}
