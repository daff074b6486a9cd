// From a shop's event log to what a next-item model learns from: sessions of item events, and facts about the items.
import { SessionLog } from "../../../durable/state/session-log.ts";
import type { ContentField, NextItemData, SessionSequence } from "./dataset.ts";

/** The event types that a model tells apart, in the order of their indices. */
export const EVENT_TYPES = ["view_item", "add_to_cart", "purchase"] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** What of an event of a log is read here. */
export type LogEvent = {
  shopper: string;
  /** On an `identify`: who turned out to be this shopper. */
  linked_from?: string | null;
  session_id: string | null;
  name: string;
  /** ms */
  timestamp: number;
  items: readonly { item_id: string }[];
};

/** What a catalogue knows of an item; price in units of the shop's currency. */
export type ItemFacts = { category: string | null; brand: string | null; price: number | null };

/** Items of unlike price differ by orders of magnitude: two buckets for each doubling, up to 2^16. */
const PRICE_BUCKETS = 32;

type OpenSession = { items: number[]; types: number[]; times: number[] };

/** Where in the log the events stand that a session's steps were made of: their numbers, from 0. */
export type Ordinals = ReadonlyMap<SessionSequence, readonly number[]>;

export type CollectedLog = { data: NextItemData; vocabulary: string[]; ordinals: Ordinals };

/** Takes all events of a log, in event-time order: those that models do not read keep sessions open. */
export class SessionCollector {
  private readonly log = new SessionLog();
  private readonly indices = new Map<string, number>();
  private readonly sessions = new Map<string, OpenSession>();
  private readonly ordinals = new Map<SessionSequence, number[]>();
  /** Events that were added. */
  private count = 0;

  add(event: LogEvent): void {
    const ordinal = this.count++;
    const { shopper, linked_from, timestamp, items } = event;
    if (linked_from != null) this.log.link(linked_from, shopper);
    const name = this.log.nameOf(shopper, event);
    const type = EVENT_TYPES.findIndex((each) => each === event.name);
    if (type === -1 || items.length === 0) return;
    const session = this.open(name);
    for (const { item_id } of items) {
      session.items.push(this.indexOf(item_id));
      session.types.push(type);
      session.times.push(timestamp);
      this.ordinals.get(session)?.push(ordinal);
    }
  }

  /** The vocabulary is in the order of indices: items of events first, then those that only `facts` names. */
  finish(facts: ReadonlyMap<string, ItemFacts>): CollectedLog {
    for (const item of facts.keys()) this.indexOf(item);
    const vocabulary = [...this.indices.keys()];
    const ended = (session: OpenSession) => session.times.at(-1) ?? 0;
    const sessions = [...this.sessions.values()].sort((a, b) => ended(a) - ended(b));
    const content = contentFields(vocabulary, facts);
    return {
      data: { sessions, items: vocabulary.length, types: EVENT_TYPES.length, content },
      vocabulary,
      ordinals: this.ordinals,
    };
  }

  private open(name: string): OpenSession {
    const known = this.sessions.get(name);
    if (known !== undefined) return known;
    const session = { items: [], types: [], times: [] };
    this.sessions.set(name, session);
    this.ordinals.set(session, []);
    return session;
  }

  private indexOf(item: string): number {
    const known = this.indices.get(item);
    if (known !== undefined) return known;
    this.indices.set(item, this.indices.size);
    return this.indices.size - 1;
  }
}

/** Category, brand and price bucket; a field that tells no items apart is left out. */
function contentFields(
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
