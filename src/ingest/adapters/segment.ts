// Messages of Segment and RudderStack (track, identify, alias; the others tell nothing of shopping) with the e-commerce
// specs of both, versions 1 and 2.
import { ASSUMED } from "../names.ts";
import { firstOf, isAbsent, isFields, readFields, readPath, type Fields } from "../read/fields.ts";
import { readNumber } from "../../shop/read/number.ts";

const TYPES = new Set(["track", "identify", "page", "screen", "group", "alias"]);

export function isSegment(row: Fields): boolean {
  if (row["messageId"] !== undefined || row["anonymousId"] !== undefined) return true;
  if (row["userId"] !== undefined || row["properties"] !== undefined) return true;
  return typeof row["type"] === "string" && TYPES.has(row["type"]);
}

/** Null for what tells nothing of shopping. */
export function fromSegment(row: Fields): Fields | null {
  switch (row["type"]) {
    case "page":
    case "screen":
    case "group":
      return null;
    case "identify":
      return fromIdentify(row, row["anonymousId"]);
    case "alias":
      return fromIdentify(row, row["previousId"]);
    default:
      return fromTrack(row);
  }
}

/** Traits of somebody known, or of nobody yet, join no one. */
function fromIdentify(row: Fields, anonymous_id: unknown): Fields | null {
  if (isAbsent(row["userId"]) || isAbsent(anonymous_id)) return null;
  return { ...fromMessage(row), name: "identify", anonymous_id };
}

function fromTrack(row: Fields): Fields {
  const properties = readFields(row["properties"]);
  const items = readProducts(properties);
  return {
    ...fromMessage(row),
    name: row["event"],
    session_id: firstOf(
      properties["session_id"],
      readPath(row, "context", "sessionId"),
      readPath(row, "context", "session_id"),
    ),
    items,
    value: firstOf(properties["value"], properties["total"], properties["revenue"]),
    currency: properties["currency"],
    item_list_id: properties["list_id"],
    search_term: properties["query"],
    transaction_id: firstOf(properties["order_id"], properties["orderId"]),
    // Where the properties describe one product, its coupon is the line's.
    coupon: items === undefined || isList(properties) ? properties["coupon"] : undefined,
    recommendation_id: properties["recommendation_id"],
  };
}

function fromMessage(row: Fields): Fields {
  const context = readFields(row["context"]);
  const page = readFields(context["page"]);
  return {
    event_id: row["messageId"],
    ...readTimes(row),
    anonymous_id: row["anonymousId"],
    user_id: row["userId"],
    user_hash: firstOf(
      row["user_hash"],
      context["user_hash"],
      readPath(row, "properties", "user_hash"),
      readPath(row, "traits", "user_hash"),
    ),
    consent: firstOf(row["consent"], context["consent"]),
    [ASSUMED]: row[ASSUMED],
    context: {
      device: readPath(context, "device", "type"),
      referrer: page["referrer"],
      page: page["url"],
    },
  };
}

/** On its way through Segment's own servers a message has got a time that is set right already. */
function readTimes(row: Fields): Fields {
  const { timestamp, originalTimestamp } = row;
  if (isAbsent(row["receivedAt"]) || isAbsent(timestamp)) {
    return { timestamp: firstOf(originalTimestamp, timestamp), sent_at: row["sentAt"] };
  }
  return { timestamp };
}

function listOf(properties: Fields): unknown {
  return firstOf(properties["products"], properties["line_items"]);
}

function isList(properties: Fields): boolean {
  return Array.isArray(listOf(properties));
}

/** Several products, or the one that the properties themselves describe. */
function readProducts(properties: Fields): unknown {
  const products = listOf(properties);
  if (Array.isArray(products)) return products.map(readProduct);
  const { product_id, productId, sku } = properties;
  const id = firstOf(product_id, productId, sku, properties["id"]);
  if (id === undefined) return products;
  return [
    {
      item_id: id,
      item_variant: properties["variant"],
      price: properties["price"],
      quantity: properties["quantity"],
      item_category: properties["category"],
      item_brand: properties["brand"],
      coupon: properties["coupon"],
      index: readIndex(properties["position"]),
    },
  ];
}

/** Names of ours and theirs are both read later; only the place is told otherwise. */
function readProduct(product: unknown): unknown {
  return isFields(product) ? { ...product, index: readIndex(product["position"]) } : product;
}

/** Segment's `position` counts from 1. */
function readIndex(position: unknown): number | undefined {
  const index = readNumber(position);
  return typeof index === "number" && index >= 1 ? index - 1 : undefined;
}
