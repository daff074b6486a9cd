// From one event in our names to one that the folds take: a pipeline of readings on plain data, strict about who and
// when only. It knows no request and no storage; raw ids of shoppers pass through to be hashed by the caller.
import { accept } from "../../durable/state/result.ts";
import type { Consent, EventContext } from "../../durable/contract.ts";
import type { EventName, ShopEvent } from "../../durable/state/event.ts";
import type { Money } from "../shop/money.ts";
import { adapt } from "./adapters/adapt.ts";
import { readEventName } from "./names.ts";
import { commonCurrency, readAmount, readUnit } from "./read/amounts.ts";
import { readConsent } from "./read/consent.ts";
import { readContext } from "./read/context.ts";
import { ASSUMED } from "./names.ts";
import { isAbsent, type Fields } from "./read/fields.ts";
import { readEventTime } from "./read/event-time.ts";
import { fitEvent, MAX_EVENT_BYTES } from "./read/fit.ts";
import { makeId } from "./read/fingerprint.ts";
import { MAX_EVENT_ID, MAX_LABEL, MAX_SEARCH } from "./read/limits.ts";
import { readLines, readListId } from "./read/lines.ts";
import { startNotes, type Notes } from "./read/notes.ts";
import { readActor, type Actor } from "./read/shopper.ts";
import { readId, UNREADABLE } from "../shop/read/text.ts";
import { readLooseId, readText } from "./read/text.ts";
import { reject, type Checked } from "./rejection.ts";

export type { Actor };

const NEEDS_ITEMS: ReadonlySet<EventName> = new Set<EventName>([
  "view_item",
  "select_item",
  "add_to_cart",
  "remove_from_cart",
  "purchase",
  "rate_item",
  "stock_update",
]);

export type ReadEvent = {
  event: ShopEvent;
  actor: Actor;
  /** What the sender gives as proof of the user; whatever it is. */
  user_hash: unknown;
  consent: Consent;
  /** As in `Delivery`: whose word the consent is. */
  word?: "none" | "passing";
  context: EventContext;
  notes: Notes;
  /** The sender gave no id: that of the event is made of its content. */
  isIdDerived: boolean;
};

export type ReadSettings = {
  /** Arrival, ms since the epoch. */
  now: number;
  money: Money;
  default_consent: Consent;
  /** Events of the past: when they were sent says nothing of the clock that timed them. */
  isHistory?: boolean;
  /** True (or absent) where the shop's back end speaks: only it may set stock, and tell of long ago. */
  trusted?: boolean;
};

/** Null for what is known to tell nothing of shopping. */
export function readEvent(row: unknown, settings: ReadSettings): Checked<ReadEvent | null> {
  const adapted = adapt(row);
  if (adapted.kind === "ignored") return accept(null);
  if (adapted.kind === "none") return reject("invalid_event", "event: must be an object.");
  const { fields, isLoose } = adapted;
  const name = readName(fields["name"]);
  if (!name.ok) return name;
  if (name.value === "ignored") return accept(null);
  return readFields(name.value, fields, isLoose, settings);
}

function readFields(
  name: EventName,
  fields: Fields,
  isLoose: boolean,
  settings: ReadSettings,
): Checked<ReadEvent> {
  const notes = startNotes();
  const timestamp = readEventTime(fields, settings, isLoose);
  if (!timestamp.ok) return timestamp;
  const event_id = readEventId(fields, settings.now, isLoose);
  if (!event_id.ok) return event_id;
  const actor = readActor(name, fields);
  if (!actor.ok) return actor;
  const consent = readConsent(fields["consent"], notes);
  if (!consent.ok) return consent;
  const transaction_id = readId(fields["transaction_id"]);
  if (transaction_id === UNREADABLE) return reject("invalid_event", "transaction_id: is no id.");
  const read = readGoods(name, fields, settings.money, notes);
  if (!read.ok) return read;
  const { items, value } = read.value;
  if (items.length === 0 && NEEDS_ITEMS.has(name)) {
    // One whose lines were all refused would stand as an order of nothing.
    const isTold = value !== null || (transaction_id !== null && notes.lines.length === 0);
    const isOrder = name === "purchase" && isTold;
    if (!isOrder) return refuseEmpty(name, notes);
  }
  const event = fitEvent(
    {
      event_id: event_id.value.id,
      name,
      timestamp: timestamp.value,
      tie: 0,
      session_id: readLooseId(fields["session_id"], notes),
      items,
      value,
      search_term: readText(fields["search_term"], MAX_SEARCH, notes),
      transaction_id,
      coupon: readText(fields["coupon"], MAX_LABEL, notes),
      recommendation_id: readLooseId(fields["recommendation_id"], notes),
    },
    notes,
  );
  if (event === null) {
    return reject("event_too_large", `An event may have at most ${MAX_EVENT_BYTES} bytes.`);
  }
  return accept({
    event,
    actor: actor.value,
    user_hash: fields["user_hash"],
    consent: consent.value ?? settings.default_consent,
    ...readWhoseWord(consent.value, fields),
    context: readContext(fields["context"], notes),
    notes,
    isIdDerived: event_id.value.isDerived,
  });
}

/** What a page assumes until its visitor has answered is the page's word, not the visitor's. */
function readWhoseWord(consent: Consent | null, fields: Fields): Pick<ReadEvent, "word"> {
  if (consent === null) return { word: "none" };
  return fields[ASSUMED] === true ? { word: "passing" } : {};
}

function readName(value: unknown): Checked<EventName | "ignored"> {
  if (typeof value !== "string") return reject("invalid_event", "name: must be text.");
  const name = readEventName(value.trim());
  if (name !== undefined) return accept(name);
  return reject("unknown_event_name", `There is no event "${value.slice(0, MAX_LABEL)}".`);
}

function readEventId(
  fields: Fields,
  now: number,
  isLoose: boolean,
): Checked<{ id: string; isDerived: boolean }> {
  const id = readId(fields["event_id"], MAX_EVENT_ID);
  if (id === UNREADABLE || (id === null && !isLoose)) {
    const what = `must be text of at most ${MAX_EVENT_ID} characters without control characters`;
    return reject("invalid_event", `event_id: ${what}, or a whole number.`);
  }
  if (id !== null) return accept({ id, isDerived: false });
  return accept({ id: makeId(describeContent(fields, now)), isDerived: true });
}

/** A message without id and time that comes again within a minute is a retry; later it is news. */
const RETRY_PERIOD = 60_000;

function describeContent(fields: Fields, now: number): string {
  const at = isAbsent(fields["timestamp"]) ? Math.floor(now / RETRY_PERIOD) : null;
  return JSON.stringify([at, { ...fields, sent_at: null, user_hash: undefined }]);
}

function readGoods(
  name: EventName,
  fields: Fields,
  money: Money,
  notes: Notes,
): Checked<Pick<ShopEvent, "items" | "value">> {
  const told = fields["items"] ?? [];
  // Some senders write a list of one as the one.
  const rows = typeof told === "object" && !Array.isArray(told) ? [told] : told;
  if (!Array.isArray(rows)) return reject("invalid_event", "items: must be an array.");
  const currency = isAbsent(fields["currency"]) ? commonCurrency(rows) : fields["currency"];
  const unit = readUnit(currency, money);
  if (unit === null) {
    const code = typeof currency === "string" ? currency.slice(0, MAX_LABEL) : typeof currency;
    return reject("unsupported_currency", `There is no exchange rate for "${code}".`);
  }
  const list_id = readListId(fields, notes);
  const items = readLines(rows, { name, unit, list_id, money }, notes);
  return accept({ items, value: readAmount(fields["value"], unit, notes) });
}

function refuseEmpty(name: EventName, notes: Notes) {
  const [line] = notes.lines;
  return line === undefined
    ? reject("missing_items", `${name} needs at least one item.`)
    : reject("invalid_event", `items.${line.line}.${line.message}`);
}
