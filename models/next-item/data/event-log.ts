// From a shop's event log to what a next-item model learns from: sessions of item events, and facts about the items.
import type { ContentField, NextItemData, SessionSequence } from "./dataset.ts";

/** The event types that a model tells apart, in the order of their indices. */
export const EVENT_TYPES = ["view_item", "add_to_cart", "purchase"] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** One item of one event. */
export type ItemEvent = {
  shopper: string;
  /** Null where the log has no sessions; a pause then ends one. */
  session: string | null;
  item: string;
  type: EventType;
  /** ms */
  timestamp: number;
};

/** What a catalogue knows of an item; price in units of the shop's currency. */
export type ItemFacts = { category: string | null; brand: string | null; price: number | null };

/** A pause after which a shopper's next event starts a new session, as web analytics commonly has it: 30 minutes. */
export const SESSION_PAUSE_MS = 30 * 60 * 1000;

/** Items of unlike price differ by orders of magnitude: two buckets for each doubling, up to 2^16. */
const PRICE_BUCKETS = 32;

type OpenSession = { items: number[]; types: number[]; times: number[] };

/** Takes events in event-time order. */
export class SessionCollector {
  private readonly indices = new Map<string, number>();
  private readonly sessions: OpenSession[] = [];
  private readonly open = new Map<string, OpenSession>();

  /** Gives the session that the event went into, which is one of those that `finish` gives, and its index there. */
  add(event: ItemEvent): { session: SessionSequence; at: number } {
    const key = event.session === null ? `shopper ${event.shopper}` : `session ${event.session}`;
    let session = this.open.get(key);
    const paused = event.timestamp - (session?.times.at(-1) ?? 0) > SESSION_PAUSE_MS;
    if (!session || (event.session === null && paused)) {
      session = { items: [], types: [], times: [] };
      this.open.set(key, session);
      this.sessions.push(session);
    }
    session.items.push(this.indexOf(event.item));
    session.types.push(EVENT_TYPES.indexOf(event.type));
    session.times.push(event.timestamp);
    return { session, at: session.items.length - 1 };
  }

  /** The vocabulary is in the order of indices: items of events first, then those that only `facts` names. */
  finish(facts: ReadonlyMap<string, ItemFacts>): { data: NextItemData; vocabulary: string[] } {
    for (const item of facts.keys()) this.indexOf(item);
    const vocabulary = [...this.indices.keys()];
    const ended = (session: SessionSequence) => session.times?.at(-1) ?? 0;
    const sessions = this.sessions.toSorted((a, b) => ended(a) - ended(b));
    const content = contentFields(vocabulary, facts);
    return {
      data: { sessions, items: vocabulary.length, types: EVENT_TYPES.length, content },
      vocabulary,
    };
  }

  private indexOf(item: string): number {
    const known = this.indices.get(item);
    if (known !== undefined) return known;
    this.indices.set(item, this.indices.size);
    return this.indices.size - 1;
  }
}

/** Category, brand and price bucket; a field that tells no items apart is left out. */
export function contentFields(
  vocabulary: readonly string[],
  facts: ReadonlyMap<string, ItemFacts>,
): ContentField[] {
  const field = (name: string, read: (of: ItemFacts) => string | null): ContentField => {
    const labels = new Map<string, number>();
    const of = new Int32Array(vocabulary.length).fill(-1);
    for (const [item, id] of vocabulary.entries()) {
      const known = facts.get(id);
      const label = known ? read(known) : null;
      if (label === null) continue;
      if (!labels.has(label)) labels.set(label, labels.size);
      of[item] = labels.get(label) ?? -1;
    }
    return { name, values: labels.size, labels: [...labels.keys()], of };
  };
  const fields = [
    field("category", ({ category }) => category),
    field("brand", ({ brand }) => brand),
    field("price", ({ price }) => (price === null ? null : String(priceBucket(price)))),
  ];
  return fields.filter(({ values }) => values > 1);
}

export function priceBucket(price: number): number {
  return Math.min(PRICE_BUCKETS - 1, Math.floor(2 * Math.log2(1 + Math.max(0, price))));
}
