// An item of the catalogue as the API shows it.
import * as z from "zod";
import { AVAILABILITIES } from "../../catalog/availability.ts";
import type { ItemRow } from "../../catalog/schema.ts";
import { Id } from "../middleware/id.ts";
import type { Money } from "../../shop/money.ts";
import { Amount, orNull, Time, toDecimal, toIso } from "../../shop/units.ts";

export const Item = z
  .object({
    item_id: z.string(),
    item_group_id: z.string().nullable().describe("What all variants of an item are of."),
    title: z.string().nullable(),
    description: z.string().nullable(),
    category: z.string().nullable(),
    categories: z.array(z.string()).describe("Further ones."),
    brand: z.string().nullable(),
    gtin: z.string().nullable(),
    price: Amount.nullable(),
    sale_price: Amount.nullable().describe("What it sells for instead; null: there is no sale."),
    cost: Amount.nullable().describe("What the shop pays for it."),
    currency: z.string(),
    stock: z.number().nullable().describe("null: unknown or unlimited."),
    availability: z.enum(AVAILABILITIES).nullable(),
    hidden: z.boolean(),
    attributes: z.record(z.string(), z.unknown()).nullable(),
    image_url: z.string().nullable(),
    url: z.string().nullable(),
    created_at: Time,
  })
  .meta({ id: "Item" });

const text = z.string().nullish();
const amount = z
  .number()
  .nonnegative()
  .meta({ format: "decimal" })
  .nullish()
  .describe("In `currency`.");

/** What a line of JSON may say. Other names that shops and feeds use are in src/catalog/line/fields.ts. */
export const ItemLine = z
  .object({
    item_id: z.union([Id, z.int()]),
    item_group_id: text,
    title: text,
    description: text,
    category: text.describe("A path may be written `Home > Women > Dresses`."),
    categories: z.array(z.string()).nullish().describe("Further ones."),
    brand: text,
    gtin: text,
    price: amount,
    sale_price: amount,
    cost: amount,
    currency: z.string().optional(),
    stock: z.number().nullish().describe("Below 0 is sold out."),
    availability: z.enum(AVAILABILITIES).nullish(),
    hidden: z.boolean().nullish(),
    attributes: z.record(z.string(), z.unknown()).nullish(),
    image_url: text,
    url: text,
    created_at: z.iso.datetime({ offset: true }).optional(),
  })
  .meta({ id: "ItemLine" });

export function presentItem(row: ItemRow, money: Money): z.infer<typeof Item> {
  const toAmount = (minor: number) => toDecimal(minor, money.scale);
  return {
    item_id: row.item_id,
    item_group_id: row.item_group_id,
    title: row.title,
    description: row.description,
    category: row.category,
    categories: row.categories === null ? [] : JSON.parse(row.categories),
    brand: row.brand,
    gtin: row.gtin,
    price: orNull(row.price, toAmount),
    sale_price: orNull(row.sale_price, toAmount),
    cost: orNull(row.cost, toAmount),
    currency: money.currency,
    stock: row.stock,
    availability: row.availability,
    hidden: row.hidden,
    attributes: row.attributes === null ? null : JSON.parse(row.attributes),
    image_url: row.image_url,
    url: row.url,
    created_at: toIso(row.created_at),
  };
}
