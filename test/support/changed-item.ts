// A row of the catalogue of which only what a test is about is given.
import type { ChangedItem } from "../../src/catalog/changed-item.ts";

export function changedItem(
  item_id: string,
  changed: number,
  more: Partial<ChangedItem> = {},
): ChangedItem {
  return {
    item_id,
    item_group_id: null,
    title: null,
    category: null,
    categories: null,
    brand: null,
    price: null,
    sale_price: null,
    stock: null,
    availability: null,
    hidden: false,
    image_url: null,
    url: null,
    attributes: null,
    created_at: 0,
    deleted: false,
    changed,
    ...more,
  };
}
