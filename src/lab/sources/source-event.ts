// What every data-set reader yields: events and catalogue items in the wire form of POST /v1/events and PUT /v1/items.
// It knows no data set and no HTTP.

export type SourceEventName = "view_item" | "add_to_cart" | "purchase" | "refund";

/** One item line. `price` is a decimal in the event's currency, per unit; left out where the log has none. */
export type SourceItem = {
  item_id: string;
  price?: number;
  quantity?: number;
  item_category?: string;
  item_brand?: string;
};

export type SourceEvent = {
  event_id: string;
  name: SourceEventName;
  /** Event time, ms since the epoch. */
  timestamp: number;
  anonymous_id: string;
  session_id?: string;
  items: SourceItem[];
  transaction_id?: string;
  /** Decimal in `currency`. */
  value?: number;
  /** ISO 4217. */
  currency?: string;
  /** Public logs were published for study: both are true. */
  consent: { analytics: true; personalization: true };
};

/** One catalogue entry as the log's last mention of the item shows it. */
export type CatalogueItem = {
  item_id: string;
  item_name?: string;
  item_category?: string;
  item_brand?: string;
  /** Decimal in `currency`. */
  price?: number;
  currency?: string;
};

export interface Source {
  readonly name: string;
  /** All events in event-time order. May be called again; every pass yields the same ids. */
  events(): AsyncIterable<SourceEvent>;
  /** All items of the log, in order of first mention. Reads the file once more. */
  catalogue(): Promise<CatalogueItem[]>;
  /** Rows of the last complete or broken-off pass of `events()` that are in no event, by reason. */
  skipped(): Record<string, number>;
  /** How many of them could not be read at all. */
  lost(): number;
}

/** A file that cannot be read as what it should be; the message is one sentence for the user. */
export class SourceError extends Error {
  override name = "SourceError";
}

export const CONSENT = { analytics: true, personalization: true } as const;

/** Rounds away binary noise: source prices have at most 2 decimals. */
export function roundMoney(value: number): number {
  return Math.round(value * 100) / 100;
}
