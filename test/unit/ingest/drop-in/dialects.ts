// What a shopper did, told in the words of each standard: the same act as many messages as there are dialects.
import * as fc from "fast-check";

export type Line = {
  item_id: string;
  price: number;
  quantity: number;
  category: string;
  brand: string;
};

export type Act = {
  id: string;
  visitor: string;
  /** Ms since the epoch; no two acts have the same. */
  at: number;
  session: string;
} & (
  | { name: "view_item" | "add_to_cart" | "remove_from_cart"; line: Line }
  | { name: "view_cart" | "begin_checkout"; lines: Line[] }
  | { name: "purchase"; lines: Line[]; order: string; value: number }
  | { name: "refund" | "cancel"; order: string }
  | { name: "search"; term: string }
);

/** Each gives the body of a request that tells the one act. */
export const DIALECTS: Record<string, (act: Act) => object> = {
  ours: (act) => ({
    event_id: act.id,
    name: act.name,
    timestamp: act.at,
    anonymous_id: act.visitor,
    session_id: act.session,
    ...readParams(act, toItem),
  }),
  "ours, as careless shops send it": (act) => ({
    event_id: act.id,
    name: act.name.toUpperCase(),
    timestamp: new Date(act.at).toISOString().replace("Z", "+00:00"),
    anonymous_id: ` ${act.visitor} `,
    user_id: "undefined",
    session_id: act.session,
    ...readParams(act, toCarelessItem),
  }),
  segment: (act) => ({
    batch: [
      {
        type: "track",
        event: SEGMENT_NAMES[act.name],
        messageId: act.id,
        anonymousId: act.visitor,
        timestamp: new Date(act.at).toISOString(),
        properties: { session_id: act.session, ...readSegment(act) },
      },
    ],
  }),
  "measurement protocol": (act) => ({
    client_id: act.visitor,
    timestamp_micros: String(act.at * 1000),
    events: [
      {
        name: act.name,
        params: { event_id: act.id, session_id: act.session, ...readParams(act, toItem) },
      },
    ],
  }),
  "data layer": (act) => ({
    anonymous_id: act.visitor,
    events: [
      {
        event: act.name,
        event_id: act.id,
        timestamp: act.at,
        session_id: act.session,
        ecommerce: readParams(act, toItem),
      },
    ],
  }),
  gtag: (act) => ({
    anonymous_id: act.visitor,
    session_id: act.session,
    events: [
      [
        "event",
        act.name,
        { event_id: act.id, timestamp_micros: act.at * 1000, ...readParams(act, toItem) },
      ],
    ],
  }),
};

const SEGMENT_NAMES: Record<Act["name"], string> = {
  view_item: "Product Viewed",
  add_to_cart: "Product Added",
  remove_from_cart: "Product Removed",
  view_cart: "Cart Viewed",
  begin_checkout: "Checkout Started",
  purchase: "Order Completed",
  refund: "Order Refunded",
  cancel: "Order Cancelled",
  search: "Products Searched",
};

function toItem({ item_id, price, quantity, category, brand }: Line): object {
  return { item_id, price, quantity, item_category: category, item_brand: brand };
}

function toCarelessItem({ item_id, price, quantity, category, brand }: Line): object {
  return {
    item_id: /^\d+$/.test(item_id) ? Number(item_id) : item_id,
    price: price.toFixed(2).replace(".", ","),
    quantity: String(quantity),
    item_category: ` ${category}\n`,
    item_brand: brand,
    index: "",
  };
}

function readParams(act: Act, toLine: (line: Line) => object): object {
  if ("line" in act) return { items: [toLine(act.line)] };
  if (act.name === "purchase") {
    return { transaction_id: act.order, value: act.value, items: act.lines.map(toLine) };
  }
  if ("lines" in act) return { items: act.lines.map(toLine) };
  return "order" in act ? { transaction_id: act.order } : { search_term: act.term };
}

function readSegment(act: Act): object {
  const toProduct = ({ item_id, ...line }: Line) => ({ product_id: item_id, ...line });
  if ("line" in act) return toProduct(act.line);
  const products = "lines" in act ? { products: act.lines.map(toProduct) } : {};
  if (act.name === "purchase") return { order_id: act.order, total: act.value, ...products };
  return "order" in act ? { order_id: act.order } : "term" in act ? { query: act.term } : products;
}

const line: fc.Arbitrary<Line> = fc.record({
  item_id: fc.constantFrom("1", "2", "boot", "sock"),
  price: fc.integer({ min: 1, max: 99_999 }).map((cents) => cents / 100),
  quantity: fc.constantFrom(1, 2, 0.5),
  category: fc.constantFrom("shoes", "games"),
  brand: fc.constantFrom("acme", "quay"),
});
const order = fc.constantFrom("T1", "T2", "T3");
const lines = fc.array(line, { minLength: 1, maxLength: 3 });
const deed = fc.oneof(
  fc.record({
    name: fc.constantFrom(
      "view_item" as const,
      "add_to_cart" as const,
      "remove_from_cart" as const,
    ),
    line,
  }),
  fc.record({ name: fc.constantFrom("view_cart" as const, "begin_checkout" as const), lines }),
  fc.record({
    name: fc.constant("purchase" as const),
    lines,
    order,
    value: fc.integer({ min: 1, max: 99_999 }).map((cents) => cents / 100),
  }),
  fc.record({ name: fc.constantFrom("refund" as const, "cancel" as const), order }),
  fc.record({ name: fc.constant("search" as const), term: fc.constantFrom("dice", "boots") }),
);

/** An hour at most, so that nothing is late in whatever order it comes. */
const MINUTE = 60_000;

/** What a few visitors of a shop did, in the order of time. */
export function anyVisits(start: number): fc.Arbitrary<Act[]> {
  const visitor = fc.constantFrom("v1", "v2", "v3");
  return fc
    .array(fc.tuple(deed, visitor, fc.constantFrom("s1", "s2")), { minLength: 1, maxLength: 25 })
    .map((deeds) =>
      deeds.map(([what, who, session], i) => ({
        ...what,
        id: `e${i}`,
        visitor: who,
        session: `${who}-${session}`,
        at: start + i * MINUTE,
      })),
    );
}
