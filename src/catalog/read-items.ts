// Reads items from D1: one, a page, or what has changed since an isolate last looked.
import { and, asc, eq, gt, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { items } from "./schema.ts";
import type { ItemRow } from "./schema.ts";
import type { ChangedItem } from "./changed-item.ts";

/** Characters of an item's attributes that a snapshot takes: a page of rows then stays below 10 MB. */
const MAX_ATTRIBUTES = 2000;

export async function readItem(database: D1Database, item_id: string): Promise<ItemRow | null> {
  const query = drizzle(database).select().from(items);
  const row = await query.where(and(eq(items.item_id, item_id), eq(items.deleted, false))).get();
  return row ?? null;
}

/** At most `limit` living items after the id `after` ("" = from the start), in order of id. */
export async function readItemPage(
  database: D1Database,
  after: string,
  limit: number,
): Promise<ItemRow[]> {
  const query = drizzle(database).select().from(items);
  const living = and(gt(items.item_id, after), eq(items.deleted, false));
  return await query.where(living).orderBy(asc(items.item_id)).limit(limit);
}

/** At most `limit` rows, tombstones included, that changed after `after`, oldest change first. */
export async function readChangedItems(
  database: D1Database,
  after: number,
  limit: number,
): Promise<ChangedItem[]> {
  const query = drizzle(database)
    .select({
      item_id: items.item_id,
      item_group_id: items.item_group_id,
      title: items.title,
      category: items.category,
      categories: items.categories,
      brand: items.brand,
      attributes: sql<
        string | null
      >`iif(length(attributes) <= ${MAX_ATTRIBUTES}, attributes, null)`,
      price: items.price,
      sale_price: items.sale_price,
      stock: items.stock,
      availability: items.availability,
      hidden: items.hidden,
      image_url: items.image_url,
      url: items.url,
      created_at: items.created_at,
      deleted: items.deleted,
      changed: items.changed,
    })
    .from(items);
  return await query.where(gt(items.changed, after)).orderBy(asc(items.changed)).limit(limit);
}
