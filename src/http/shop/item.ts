// An item of the catalogue as the API shows it.
import * as z from "zod";
import type { ItemRow } from "../../catalog/schema.ts";
import type { Money } from "../../shop/money.ts";
import { Amount, orNull, Time, toDecimal, toIso } from "../../shop/units.ts";

export const Item = z
  .object({
    item_id: z.string(),
    title: z.string().nullable(),
    category: z.string().nullable(),
    brand: z.string().nullable(),
    price: Amount.nullable(),
    currency: z.string(),
    stock: z.int().nullable().describe("null: unknown or unlimited."),
    attributes: z.record(z.string(), z.unknown()).nullable(),
    image_url: z.string().nullable(),
    url: z.string().nullable(),
    created_at: Time,
  })
  .meta({ id: "Item" });

export function presentItem(row: ItemRow, money: Money): z.infer<typeof Item> {
  return {
    item_id: row.item_id,
    title: row.title,
    category: row.category,
    brand: row.brand,
    price: orNull(row.price, (price) => toDecimal(price, money.scale)),
    currency: money.currency,
    stock: row.stock,
    attributes: row.attributes === null ? null : JSON.parse(row.attributes),
    image_url: row.image_url,
    url: row.url,
    created_at: toIso(row.created_at),
  };
}
