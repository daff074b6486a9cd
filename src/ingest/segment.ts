// Turns a Segment message (track or identify) into our wire form, field by field. It judges nothing:
// what does not fit is refused by the schema afterwards.
import * as z from "zod";

const Fields = z.record(z.string(), z.unknown());

type Fields = z.infer<typeof Fields>;

/** Our wire form of a Segment message; anything else comes back as it is. */
export function fromSegment(row: unknown): unknown {
  const fields = readFields(row);
  if (fields["messageId"] === undefined || fields["event_id"] !== undefined) return row;
  const properties = readFields(fields["properties"]);
  return {
    event_id: fields["messageId"],
    name: fields["type"] === "identify" ? "identify" : fields["event"],
    timestamp: fields["timestamp"] ?? fields["originalTimestamp"],
    anonymous_id: fields["anonymousId"],
    user_id: fields["userId"],
    session_id: properties["session_id"] ?? properties["cart_id"],
    items: readItems(properties),
    value: properties["value"] ?? properties["total"] ?? properties["revenue"],
    currency: properties["currency"],
    search_term: properties["query"],
    transaction_id: properties["order_id"],
    coupon: properties["coupon"],
    recommendation_id: properties["recommendation_id"],
    consent: fields["consent"],
    context: readContext(readFields(fields["context"])),
  };
}

function readFields(value: unknown): Fields {
  const parsed = Fields.safeParse(value);
  return parsed.success ? parsed.data : {};
}

function readItems(properties: Fields): unknown {
  const products = properties["products"];
  if (Array.isArray(products))
    return products.map((product) => readItem(readFields(product), properties));
  return properties["product_id"] === undefined && properties["sku"] === undefined
    ? undefined
    : [readItem(properties, properties)];
}

/** Segment's `position` counts from 1. */
function readItem(product: Fields, properties: Fields) {
  const id = product["product_id"] ?? product["sku"];
  const position = product["position"];
  return {
    item_id: typeof id === "number" ? String(id) : id,
    price: product["price"],
    coupon: product["coupon"],
    quantity: product["quantity"],
    item_category: product["category"],
    item_brand: product["brand"],
    item_list_id: properties["list_id"],
    index: typeof position === "number" && position >= 1 ? position - 1 : undefined,
  };
}

function readContext(context: Fields) {
  const page = readFields(context["page"]);
  return {
    device: readFields(context["device"])["type"],
    referrer: page["referrer"],
    page: page["url"],
  };
}
