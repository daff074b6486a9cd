// A row of the catalogue of which only what a test is about is given.
import type { ChangedItem } from "../../src/catalog/changed-item.ts";

export function changedItem(
  item_id: string,
  changed: number,
  more: Partial<ChangedItem> = {},
): ChangedItem {
  return {
    item_id,
    title: null,
    category: null,
    brand: null,
    price: null,
    stock: null,
    image_url: null,
    url: null,
    attributes: null,
    created_at: 0,
    deleted: false,
    changed,
    ...more,
  };
}
