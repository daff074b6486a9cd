// Events of Shopify's Web Pixel API, as `analytics.subscribe` gives them. Items go by the ids of shopify-id.ts.
import { firstOf, isFields, readFields, readPath, type Fields } from "../read/fields.ts";
import { readGid, readGoods } from "./shopify-id.ts";

export function isPixel(row: Fields): boolean {
  return typeof row["name"] === "string" && isFields(row["data"]) && row["clientId"] !== undefined;
}

export function fromPixel(row: Fields): Fields {
  const data = readFields(row["data"]);
  const checkout = readFields(data["checkout"]);
  const total = firstOf(checkout["totalPrice"], readPath(data, "cart", "cost", "totalAmount"));
  return {
    event_id: row["id"],
    name: row["name"],
    timestamp: row["timestamp"],
    anonymous_id: row["clientId"],
    items: readItems(data, checkout),
    value: readPath(total, "amount"),
    currency: firstOf(readPath(total, "currencyCode"), checkout["currencyCode"]),
    item_list_id: readGid(readPath(data, "collection", "id")),
    search_term: readPath(data, "searchResult", "query"),
    transaction_id: readGid(readPath(checkout, "order", "id")),
    coupon: readCoupon(checkout),
    consent: readPrivacy(row["customerPrivacy"]),
    context: {
      page: readPath(row, "context", "document", "location", "href"),
      referrer: readPath(row, "context", "document", "referrer"),
    },
  };
}

function readItems(data: Fields, checkout: Fields): unknown {
  const lines = firstOf(checkout["lineItems"], readPath(data, "cart", "lines"));
  if (Array.isArray(lines)) return lines.map(readLine);
  if (isFields(data["cartLine"])) return [readLine(data["cartLine"])];
  if (isFields(data["productVariant"])) return [readVariant(data["productVariant"])];
  const variants = firstOf(
    readPath(data, "collection", "productVariants"),
    readPath(data, "searchResult", "productVariants"),
  );
  return Array.isArray(variants) ? variants.map(placeVariant) : undefined;
}

function readLine(line: unknown): Fields {
  const variant = firstOf(readPath(line, "variant"), readPath(line, "merchandise"));
  return { ...readVariant(variant), quantity: readPath(line, "quantity") };
}

function placeVariant(variant: unknown, index: number): Fields {
  return { ...readVariant(variant), index };
}

function readVariant(variant: unknown): Fields {
  return {
    ...readGoods({
      sku: readPath(variant, "sku"),
      product: readPath(variant, "product", "id"),
      variant: readPath(variant, "id"),
    }),
    price: readPath(variant, "price", "amount"),
    currency: readPath(variant, "price", "currencyCode"),
    item_category: readPath(variant, "product", "type"),
    item_brand: readPath(variant, "product", "vendor"),
  };
}

function readCoupon(checkout: Fields): unknown {
  const applications = checkout["discountApplications"];
  if (!Array.isArray(applications)) return undefined;
  const code = applications.find((each) => readPath(each, "type") === "DISCOUNT_CODE");
  return readPath(code, "title");
}

/** Of `init.customerPrivacy`, where the shop's pixel sends it along. */
function readPrivacy(privacy: unknown): unknown {
  if (!isFields(privacy)) return undefined;
  return {
    analytics: privacy["analyticsProcessingAllowed"],
    personalization: privacy["preferencesProcessingAllowed"],
  };
}
