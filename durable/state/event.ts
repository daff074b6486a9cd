// The event record: the one place where an event's fields are declared. Types, D1 columns, queue messages, Parquet
// columns and what models read derive from it. A new field is a line here, a migration, and its name on the wire
// (src/ingest, which this file must not know). Validated, normalised, without any raw user id.
import { nullsOf, optional, rename } from "./fields.ts";

export const EVENT_NAMES = [
  "view_item",
  "view_item_list",
  "select_item",
  "search",
  "add_to_cart",
  "remove_from_cart",
  "view_cart",
  "begin_checkout",
  "purchase",
  "refund",
  "cancel",
  "rate_item",
  "identify",
  "stock_update",
] as const;

export type EventName = (typeof EVENT_NAMES)[number];

/** What a value of each kind is. Money is in minor units of the shop's currency (cents), a time in ms since the epoch. */
type Value = {
  /** Never empty. */
  id: string;
  text: string;
  "text?": string | null;
  name: EventName;
  count: number;
  "count?": number | null;
  /** Place among equals, 0 where nothing says. */
  rank: number;
  /** Pieces, or a weight or length, to `QUANTITY_DECIMALS`. */
  "quantity?": number | null;
  "money?": number | null;
  time: number;
  flag: boolean;
  /** Null (or absent, as earlier versions kept it) where nobody said. */
  "flag?": boolean | null;
};

type Shape<Fields> = { -readonly [Name in keyof Fields]: Value[Fields[Name] & keyof Value] };
type Part = Readonly<{ [name: string]: keyof Value }>;

export const EVENT = {
  /** Client-made idempotency key. */
  event_id: "id",
  name: "name",
  /** When it happened. */
  timestamp: "time",
  /** Rank among the events of its shopper that one request told with the same timestamp. */
  tie: "rank",
  session_id: "text?",
  value: "money?",
  search_term: "text?",
  transaction_id: "text?",
  coupon: "text?",
  recommendation_id: "text?",
} as const satisfies Part;

/** One item line of an event. */
export const ITEM_LINE = {
  item_id: "text",
  /** The size or colour of the item (GA4 `item_variant`), and what all variants are of (`item_group_id`). */
  variant: "text?",
  group_id: "text?",
  /** Of one piece; null where the event did not say. */
  price: "money?",
  /** Null on a `remove_from_cart` or `refund` of whole lines. */
  quantity: "quantity?",
  category: "text?",
  brand: "text?",
  /** The list in which the item stood (GA4 `item_list_id`), and its position there from 0. */
  list_id: "text?",
  index: "count?",
  coupon: "text?",
  /** Names of the fields above that the sender left out and the catalogue filled in, separated by commas. */
  filled: "text?",
} as const satisfies Part;

/** Around the event, as queue and log carry it. */
export const ENVELOPE = {
  /** Pseudonym. */
  shopper: "id",
  /** On an `identify`: the anonymous shopper whose history joined this one; without it the log could not be folded again. */
  linked_from: "text?",
  /** Arrival. */
  received_at: "time",
} as const satisfies Part;

export const CONSENT = {
  analytics: "flag",
  personalization: "flag",
  /** Messages off the site. */
  marketing: "flag?",
} as const satisfies Part;

/** Where and how an event reached us; logged beside it, never folded. */
export const CONTEXT = {
  country: "text?",
  device: "text?",
  referrer: "text?",
  page: "text?",
} as const satisfies Part;

/** Columns of an item line that are not named as its fields are, since a row has the event's fields too. */
export const LINE_COLUMNS = {
  variant: "item_variant",
  group_id: "item_group_id",
  index: "list_index",
  coupon: "item_coupon",
} as const;

/** A row of the log is one item line, or one event without items. */
export const EVENT_ROW = {
  /** The order in which the log took the rows. */
  seq: "seq",
  ...ENVELOPE,
  ...EVENT,
  /** Index of the item line within its event, from 0. */
  line: "count",
  ...rename(optional(ITEM_LINE), LINE_COLUMNS),
  ...CONSENT,
  ...CONTEXT,
} as const;

export type ItemLine = Shape<typeof ITEM_LINE>;
export type ShopEvent = Shape<typeof EVENT> & { items: ItemLine[] };
export type Envelope = Shape<typeof ENVELOPE>;
/** What nobody ever said of `marketing` is absent; it allows nothing. */
export type Consent = Omit<Shape<typeof CONSENT>, "marketing"> & {
  marketing?: boolean | null | undefined;
};
export type EventContext = Shape<typeof CONTEXT>;

/** As tables keep it: a flag is 0 or 1, and a name may be of a later version. */
type CellOf<Kind> = Kind extends "flag" | "seq"
  ? number
  : Kind extends "flag?"
    ? number | null
    : Kind extends "name"
      ? string
      : Value[Kind & keyof Value];
export type EventRow = {
  -readonly [Name in keyof typeof EVENT_ROW]: CellOf<(typeof EVENT_ROW)[Name]>;
};

const NO_EVENT = { ...nullsOf(EVENT), tie: 0 };
const NO_LINE = nullsOf(ITEM_LINE);

/** An event as an earlier version kept it: the fields that came later are null, ranks 0. */
export function completeEvent(kept: ShopEvent): ShopEvent {
  return { ...NO_EVENT, ...kept, items: kept.items.map((line) => ({ ...NO_LINE, ...line })) };
}

/** What of an event tells its place in event order. */
export type EventPosition = Pick<ShopEvent, "timestamp" | "tie" | "name" | "event_id">;

/** Of events at the same moment in different requests, what has to come first. All others come before these. */
const NAME_ORDER: readonly EventName[] = [
  "add_to_cart",
  // A page that shows the cart after the removal shows it without, one from before it is out of date.
  "view_cart",
  "remove_from_cart",
  "begin_checkout",
  "purchase",
  "refund",
  "cancel",
];

/**
 * The order in which the fold takes events: event time, then the order of the request, then what a name implies, then
 * id. Total, so it never depends on arrival.
 */
export function compareEvents(a: EventPosition, b: EventPosition): number {
  if (a.timestamp !== b.timestamp) return a.timestamp - b.timestamp;
  if (a.tie !== b.tie) return a.tie - b.tie;
  if (a.name !== b.name) {
    const byName = NAME_ORDER.indexOf(a.name) - NAME_ORDER.indexOf(b.name);
    if (byName !== 0) return byName;
  }
  return a.event_id < b.event_id ? -1 : a.event_id > b.event_id ? 1 : 0;
}

/** Pieces of a line that was put somewhere, bought or looked at. */
export function piecesOf(line: Pick<ItemLine, "quantity">): number {
  return line.quantity ?? 1;
}

/** Decimals that are kept of a quantity: a gram of a kilogram. */
const QUANTITY_DECIMALS = 3;

const THOUSANDTHS = 10 ** QUANTITY_DECIMALS;

/** As the record keeps it, and as sums are to be, since 0.1 + 0.2 is not 0.3. */
export function roundQuantity(quantity: number): number {
  return Math.round(quantity * THOUSANDTHS) / THOUSANDTHS;
}
