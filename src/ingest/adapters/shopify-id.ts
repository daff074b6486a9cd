// Shopify's ids, which are numbers in some of its forms and addresses in others, and what of them names an item: the SKU,
// as in the product CSV that the catalogue reads, else the product. So catalogue, pixel and order webhooks agree.
import { firstOf, type Fields } from "../read/fields.ts";

/** `gid://shopify/Product/123` and 123 are one; anything else comes back as it is. */
export function readGid(id: unknown): unknown {
  const match = typeof id === "string" ? /^gid:\/\/shopify\/\w+\/(\d+)/.exec(id) : null;
  return match?.[1] ?? id;
}

/** What names a line's goods, in our words. */
export function readGoods(ids: { sku: unknown; product: unknown; variant: unknown }): Fields {
  return {
    item_id: firstOf(ids.sku, readGid(ids.product), readGid(ids.variant)),
    item_variant: readGid(ids.variant),
    item_group_id: readGid(ids.product),
  };
}
