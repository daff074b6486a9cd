// The shop's items, page by page: models shall know those that nobody has looked at yet, too.
import * as z from "zod";
import { AVAILABILITIES } from "../../catalog/availability.ts";
import type { ChangedItem } from "../../catalog/changed-item.ts";
import { expectStatus } from "../../client/api.ts";
import { orNull, toMinorUnits } from "../../shop/units.ts";
import type { RetrainClient } from "./client.ts";

const PAGE_ITEMS = 1000;

const Page = z.object({
  items: z.array(
    z.object({
      item_id: z.string(),
      item_group_id: z.string().nullable(),
      title: z.string().nullable(),
      category: z.string().nullable(),
      categories: z.array(z.string()),
      brand: z.string().nullable(),
      price: z.number().nullable(),
      sale_price: z.number().nullable(),
      stock: z.number().nullable(),
      availability: z.enum(AVAILABILITIES).nullable(),
      hidden: z.boolean(),
      attributes: z.record(z.string(), z.unknown()).nullable(),
      created_at: z.iso.datetime(),
    }),
  ),
  next: z.string().nullable(),
});

/** As an isolate's catalogue takes them. @param minorUnits of one unit of the currency */
export async function fetchCatalogue(
  client: Pick<RetrainClient, "api">,
  minorUnits: number,
): Promise<ChangedItem[]> {
  const items: ChangedItem[] = [];
  const toMinor = (decimal: number) => toMinorUnits(decimal, minorUnits);
  let after: string | null = "";
  while (after !== null) {
    const path = `/v1/items?limit=${PAGE_ITEMS}&after=${encodeURIComponent(after)}`;
    const page = Page.parse(expectStatus(await client.api.send("GET", path), 200, `GET ${path}`));
    for (const { price, sale_price, attributes, categories, created_at, ...item } of page.items) {
      items.push({
        ...item,
        price: orNull(price, toMinor),
        sale_price: orNull(sale_price, toMinor),
        categories: categories.length === 0 ? null : JSON.stringify(categories),
        attributes: attributes === null ? null : JSON.stringify(attributes),
        created_at: Date.parse(created_at),
        image_url: null,
        url: null,
        deleted: false,
        changed: items.length + 1,
      });
    }
    after = page.next;
  }
  return items;
}
