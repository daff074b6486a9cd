// What all shoppers did lately, folded from the tail of the event log: trends, and which items go together.
// It does no I/O; rows come from `readLogTail`, numbers from the catalogue.
import { EVENT_NAMES } from "../../durable/state/event.ts";
import type { EventName } from "../../durable/state/event.ts";
import type { Retriever } from "../../models/baselines/retriever.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { SegmentTrends } from "./segment-trends.ts";
import type { Visit } from "./segment-trends.ts";
import { Trending } from "./trending.ts";

/** The part of a log row that is read here; `seq` orders rows as the log took them. */
export type TailRow = {
  seq: number;
  shopper: string;
  event_id: string;
  name: string;
  timestamp: number;
  session_id: string | null;
  item_id: string | null;
} & Visit;

/** How an event speaks of items. `click`: a step of a session; `basket`: meant to be bought together with others. */
const ROLES: Partial<Record<EventName, { click: boolean; basket: boolean }>> = {
  view_item: { click: true, basket: false },
  select_item: { click: true, basket: false },
  add_to_cart: { click: true, basket: true },
  begin_checkout: { click: false, basket: true },
  purchase: { click: true, basket: true },
};

const NAMES = new Map<string, EventName>(EVENT_NAMES.map((name) => [name, name]));

/** ms. Events without a session id are taken together within such windows, the usual gap between sessions. */
const SESSION_WINDOW = 30 * 60_000;

export type LiveRetrievers = {
  coVisitation: Retriever;
  sessionKnn: Retriever;
  /** Sees baskets only. */
  boughtTogether: Retriever;
};

export class LiveIndex {
  readonly trending = new Trending();
  readonly segments = new SegmentTrends();
  readonly coVisitation: Retriever;
  readonly sessionKnn: Retriever;
  readonly boughtTogether: Retriever;
  /** `seq` of the last row taken in. */
  cursor: number;
  readonly #catalog: Catalog;

  /** Starts after the row `cursor`: what is older is not read. */
  constructor(catalog: Catalog, retrievers: LiveRetrievers, cursor: number) {
    this.#catalog = catalog;
    this.coVisitation = retrievers.coVisitation;
    this.sessionKnn = retrievers.sessionKnn;
    this.boughtTogether = retrievers.boughtTogether;
    this.cursor = cursor;
  }

  /** Rows in order of `seq`. Those taken in before are passed over, so reads may overlap. */
  observe(rows: readonly TailRow[]): void {
    for (const row of rows) {
      if (row.seq <= this.cursor) continue;
      this.cursor = row.seq;
      const name = NAMES.get(row.name);
      const role = name === undefined ? undefined : ROLES[name];
      if (name === undefined || role === undefined || row.item_id === null) continue;
      const item = this.#catalog.intern(row.item_id);
      if (item === -1) continue;
      const session = nameSession(row);
      const click = { session, item, timestamp: row.timestamp };
      this.trending.observe(item, name, row.timestamp);
      this.segments.observe(item, name, row.timestamp, row);
      if (role.click) {
        this.coVisitation.observe(click);
        this.sessionKnn.observe(click);
      }
      if (role.basket) this.boughtTogether.observe(click);
    }
  }
}

function nameSession(row: TailRow): string {
  const id = row.session_id ?? Math.floor(row.timestamp / SESSION_WINDOW);
  return `${row.shopper}\n${id}`;
}
