// Shopify's order webhooks. An order is told whole, each time: what it holds, what was given back, whether it was
// cancelled. The same thing told again has the same id, whichever topic brought it.
import { fingerprint } from "../read/fingerprint.ts";
import { firstOf, isAbsent, isFields, readFields, readPath, type Fields } from "../read/fields.ts";
import { readGid, readGoods } from "./shopify-id.ts";

/** Topics whose payload is an order. */
const ORDERS = /^orders\/(?:create|updated|paid|cancelled|fulfilled|partially_fulfilled)$/;
/** Where a shop's theme puts the visitor's id, so that an order and what led to it are one. */
const VISITOR_ATTRIBUTE = /^_?millrace_(?:anonymous_)?id$/;

/** Before the id of a checkout that is all that is known of its guest. */
const GUEST = "shopify-checkout-";

export type Webhook =
  | { kind: "events"; events: Fields[] }
  /** A refund, told without the customer: of the order only. */
  | { kind: "refund"; event: Fields; order: string }
  | { kind: "ignored" };

export function fromWebhook(topic: string, payload: unknown): Webhook {
  // Shopify's own test orders are nobody's.
  if (!isFields(payload) || payload["test"] === true) return { kind: "ignored" };
  if (ORDERS.test(topic)) return { kind: "events", events: readOrder(payload) };
  const order = payload["order_id"];
  if (topic !== "refunds/create" || isAbsent(order)) return { kind: "ignored" };
  return { kind: "refund", event: readRefund(payload, toText(order)), order: toText(order) };
}

function readOrder(order: Fields): Fields[] {
  const id = toText(order["id"]);
  const shopper = readShopper(order);
  const currency = order["currency"];
  const purchase: Fields = {
    ...shopper,
    // What an order holds may change; then it is told as another event of the same order.
    event_id: `shopify-order-${id}-${toText(firstOf(order["updated_at"], order["created_at"]))}`,
    name: "purchase",
    timestamp: firstOf(order["processed_at"], order["created_at"]),
    transaction_id: id,
    value: order["total_price"],
    currency,
    items: readArray(order["line_items"]).map(readLine),
    coupon: readPath(readArray(order["discount_codes"])[0], "code"),
    context: {
      country: firstOf(
        readPath(order, "shipping_address", "country_code"),
        readPath(order, "billing_address", "country_code"),
      ),
      page: order["landing_site"],
      referrer: order["referring_site"],
    },
  };
  const refunds = readArray(order["refunds"])
    .filter(isFields)
    .map((refund) => ({ ...readRefund(refund, id), ...shopper, currency }));
  const told = [...joinVisitor(purchase), purchase, ...refunds];
  if (isAbsent(order["cancelled_at"])) return told;
  const cancel: Fields = {
    ...shopper,
    event_id: `shopify-cancel-${id}`,
    name: "cancel",
    timestamp: order["cancelled_at"],
    transaction_id: id,
  };
  return [...told, cancel];
}

/** The customer is the visitor whose cart it was, where the order names both. */
function joinVisitor({ user_id, anonymous_id, timestamp }: Fields): Fields[] {
  const visitor = toText(anonymous_id);
  if (isAbsent(user_id) || visitor.startsWith(GUEST)) return [];
  const event_id = `shopify-identify-${toText(user_id)}-${fingerprint(visitor)}`;
  return [{ event_id, name: "identify", timestamp, user_id, anonymous_id }];
}

function readRefund(refund: Fields, order: string): Fields {
  const lines = readArray(refund["refund_line_items"]).filter(isFields);
  const paid = readArray(refund["transactions"]).filter(
    (each) => readPath(each, "kind") === "refund" && readPath(each, "status") !== "failure",
  );
  const amounts = paid.map((each) => Number(readPath(each, "amount")));
  const [first] = paid;
  return {
    event_id: `shopify-refund-${toText(refund["id"])}`,
    name: "refund",
    timestamp: firstOf(refund["processed_at"], refund["created_at"]),
    transaction_id: order,
    value: amounts.length === 0 ? undefined : amounts.reduce((sum, amount) => sum + amount, 0),
    currency: readPath(first, "currency"),
    items: lines.map((line) => ({
      ...readLine(line["line_item"]),
      quantity: line["quantity"],
    })),
  };
}

function readLine(value: unknown): Fields {
  const line = readFields(value);
  return {
    ...readGoods({
      sku: line["sku"],
      product: line["product_id"],
      variant: line["variant_id"],
    }),
    price: line["price"],
    quantity: line["quantity"],
    item_brand: line["vendor"],
  };
}

/** A guest of the checkout is known by it alone. */
function readShopper(order: Fields): Fields {
  const visitor = readArray(order["note_attributes"]).find((each) =>
    VISITOR_ATTRIBUTE.test(toText(readPath(each, "name"))),
  );
  const checkout = firstOf(order["checkout_token"], order["checkout_id"], order["id"]);
  return {
    user_id: firstOf(
      readGid(readPath(order, "customer", "admin_graphql_api_id")),
      toText(readPath(order, "customer", "id")),
    ),
    anonymous_id: firstOf(readPath(visitor, "value"), `${GUEST}${toText(checkout)}`),
  };
}

function toText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function readArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
