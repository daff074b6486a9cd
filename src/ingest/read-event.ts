// From a row of a request body to an event that the folds take: a pipeline of checks on plain data.
// It knows no request, no storage and no clock; raw ids of shoppers pass through to be hashed by the caller.
import { accept } from "../../durable/state/result.ts";
import type { Consent, EventContext } from "../../durable/contract.ts";
import { roundQuantity } from "../../durable/state/event.ts";
import type { EventName, ItemLine, ShopEvent } from "../../durable/state/event.ts";
import { minorUnitsOf, type Money } from "../shop/money.ts";
import { readEventName } from "./names.ts";
import { reject, type Checked } from "./rejection.ts";
import { fromSegment } from "./segment.ts";
import { WireEvent, type WireItem } from "./wire.ts";

/** Logs of old shops may be replayed, but the epoch is always somebody's zero. 2000-01-01, ms. */
export const EARLIEST = Date.UTC(2000, 0, 1);
/** How far a sender's clock may run ahead, ms. A later event would shut the lateness window for all others. */
export const CLOCK_AHEAD = 5 * 60_000;
/** Half of what a queue message may hold, bytes, so that each event finds its way into the log. */
export const MAX_EVENT_BYTES = 64_000;
/** Items whose texts, all at their longest, stay far below MAX_EVENT_BYTES. */
const FEW_ITEMS = 8;
/** Pieces of one item in one line. Public logs have orders of 80,995; more is a mistake. */
const MAX_PIECES = 1_000_000;
/** Kept of a URL, characters. */
const MAX_URL = 512;

const NEEDS_ITEMS: ReadonlySet<EventName> = new Set<EventName>([
  "view_item",
  "select_item",
  "add_to_cart",
  "remove_from_cart",
  "purchase",
  "rate_item",
  "stock_update",
]);

/** Without a quantity these speak of the whole line; all others of one piece. */
const MEANS_WHOLE_LINE: ReadonlySet<EventName> = new Set<EventName>(["remove_from_cart", "refund"]);

/** Whose event it is, by the shop's own ids. */
export type Actor =
  | { kind: "user"; user_id: string }
  | { kind: "anonymous"; anonymous_id: string }
  | { kind: "identify"; user_id: string; anonymous_id: string }
  | { kind: "shop" };

export type ReadEvent = { event: ShopEvent; actor: Actor; consent: Consent; context: EventContext };

export type ReadSettings = {
  /** Arrival, ms since the epoch. */
  now: number;
  money: Money;
  default_consent: Consent;
};

export function readEvent(row: unknown, settings: ReadSettings): Checked<ReadEvent> {
  const parsed = WireEvent.safeParse(fromSegment(row));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue === undefined || issue.path.length === 0 ? "event" : issue.path.join(".");
    return reject("invalid_event", `${where}: ${issue?.message ?? "invalid"}.`);
  }
  const wire = parsed.data;
  const name = readEventName(wire.name);
  if (name === undefined) return reject("unknown_event_name", `There is no event "${wire.name}".`);
  const timestamp = checkTimestamp(wire.timestamp, settings.now);
  if (!timestamp.ok) return timestamp;
  const actor = checkActor(name, wire);
  if (!actor.ok) return actor;
  const unit = minorUnitsOf(wire.currency, settings.money);
  if (unit === null)
    return reject("unsupported_currency", `There is no exchange rate for "${wire.currency}".`);
  const items = checkItems(name, wire.items ?? [], unit);
  if (!items.ok) return items;
  const event: ShopEvent = {
    event_id: wire.event_id,
    name,
    timestamp: timestamp.value,
    tie: 0,
    session_id: wire.session_id || null,
    items: items.value,
    value: toMinorUnits(wire.value, unit),
    search_term: wire.search_term || null,
    transaction_id: wire.transaction_id || null,
    coupon: wire.coupon || null,
    recommendation_id: wire.recommendation_id || null,
  };
  if (measure(event) > MAX_EVENT_BYTES) {
    return reject("event_too_large", `An event may have at most ${MAX_EVENT_BYTES} bytes.`);
  }
  return accept({
    event,
    actor: actor.value,
    consent: wire.consent ?? settings.default_consent,
    context: {
      country: wire.context?.country || null,
      device: wire.context?.device || null,
      referrer: trimUrl(wire.context?.referrer),
      page: trimUrl(wire.context?.page),
    },
  });
}

function checkTimestamp(sent: number | string, now: number): Checked<number> {
  const timestamp = typeof sent === "number" ? sent : Date.parse(sent);
  if (timestamp >= EARLIEST && timestamp <= now + CLOCK_AHEAD) return accept(timestamp);
  return reject(
    "timestamp_out_of_range",
    "timestamp: must lie between the year 2000 and five minutes from now, in milliseconds.",
  );
}

function checkActor(name: EventName, wire: WireEvent): Checked<Actor> {
  const { user_id, anonymous_id } = wire;
  if (name === "stock_update") return accept({ kind: "shop" });
  if (name === "identify") {
    if (user_id && anonymous_id) return accept({ kind: "identify", user_id, anonymous_id });
    return reject("missing_shopper", "identify needs both user_id and anonymous_id.");
  }
  if (user_id) return accept({ kind: "user", user_id });
  if (anonymous_id) return accept({ kind: "anonymous", anonymous_id });
  return reject("missing_shopper", "An event needs a user_id or an anonymous_id.");
}

function checkItems(name: EventName, items: WireItem[], unit: number): Checked<ItemLine[]> {
  if (items.length === 0 && NEEDS_ITEMS.has(name))
    return reject("missing_items", `${name} needs at least one item.`);
  const lines: ItemLine[] = [];
  for (const [place, item] of items.entries()) {
    const quantity = withoutSign(item.quantity ?? (MEANS_WHOLE_LINE.has(name) ? null : 1));
    if (name === "stock_update" && item.quantity == null)
      return reject(
        "invalid_event",
        `items.${place}.quantity: a stock_update needs the new level.`,
      );
    if (name !== "stock_update" && quantity !== null && !(quantity > 0 && quantity <= MAX_PIECES)) {
      return reject(
        "invalid_event",
        `items.${place}.quantity: must be above 0 and at most ${MAX_PIECES}.`,
      );
    }
    lines.push({
      item_id: item.item_id,
      variant: item.item_variant || null,
      group_id: item.item_group_id || null,
      price: toMinorUnits(item.price, unit),
      quantity: quantity === null ? null : roundQuantity(quantity),
      category: item.item_category || null,
      brand: item.item_brand || null,
      list_id: item.item_list_id || null,
      index: withoutSign(item.index),
      coupon: item.coupon || null,
    });
  }
  return accept(lines);
}

/** Bytes of JSON; 0 where there are too few items to matter, since measuring costs as much as parsing. */
function measure(event: ShopEvent): number {
  return event.items.length <= FEW_ITEMS
    ? 0
    : new TextEncoder().encode(JSON.stringify(event)).byteLength;
}

function toMinorUnits(amount: number | null | undefined, unit: number): number | null {
  return amount === null || amount === undefined ? null : withoutSign(Math.round(amount * unit));
}

/** 0 for -0, which JSON can bring in but does not give back: the live fold and the log would differ. */
function withoutSign(amount: number): number;
function withoutSign(amount: number | null | undefined): number | null;
function withoutSign(amount: number | null | undefined): number | null {
  return amount === null || amount === undefined ? null : amount + 0;
}

/** Origin and path: queries and fragments carry search terms, e-mail addresses, tokens. */
function trimUrl(url: string | null | undefined): string | null {
  if (!url) return null;
  return url.replace(/[?#].*$/s, "").slice(0, MAX_URL) || null;
}
