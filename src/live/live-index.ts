// What all shoppers did lately, folded from the tail of the event log: trends, and which items go together.
// It does no I/O; rows come from `readLogTail`, numbers from the catalogue.
import { EVENT_NAMES } from "../../durable/state/event.ts";
import type { EventName } from "../../durable/state/event.ts";
import { SessionLog } from "../../durable/state/session-log.ts";
import { CoVisitation } from "../../models/baselines/co-visitation.ts";
import { createBasketKnn } from "../../models/baselines/item-knn.ts";
import type { Candidate, Click, Retriever } from "../../models/baselines/retriever.ts";
import { VmisKnn } from "../../models/baselines/vmis-knn.ts";
import { EVENT_TYPES } from "../../models/next-item/data/event-log.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { NO_ITEM, type CatalogItem } from "../catalog/catalog-item.ts";
import { ClickBuffer } from "./click-buffer.ts";
import { ClickedItems, toClickedItem } from "./clicked-items.ts";
import { crowdOf, TREND_SHOPPERS } from "./crowd.ts";
import { FairShare, MAX_CLICKS, MAX_FOLLOWED_CLICKS } from "./fair-share.ts";
import { LoneItems } from "./lone-items.ts";
import { Revisits } from "./revisits.ts";
import { SegmentTrends } from "./segment-trends.ts";
import type { TailRow } from "./tail-row.ts";
import { ToldLines } from "./told-lines.ts";
import { EVENT_WEIGHTS, Trending } from "./trending.ts";
import { UnlistedRows } from "./unlisted-rows.ts";

/** How an event speaks of items. `click`: a step of a session; `basket`: meant to be bought together with others. */
type Role = { click: boolean; basket: boolean };

const ROLES: Partial<Record<EventName, Role>> = {
  view_item: { click: true, basket: false },
  select_item: { click: true, basket: false },
  add_to_cart: { click: true, basket: true },
  begin_checkout: { click: false, basket: true },
  purchase: { click: true, basket: true },
};

const ROLES_BY_NAME = new Map<string, { name: EventName; role: Role }>(
  EVENT_NAMES.flatMap((name) => {
    const role = ROLES[name];
    return role === undefined ? [] : [[name, { name, role }] as const];
  }),
);

/** Looks that a shopper might have given another item; what follows from one (into the cart, bought) is no choice. */
const CHOICES: ReadonlySet<EventName> = new Set(["view_item", "select_item"]);

/** Shoppers whose sessions are followed where events do not name them: those of half an hour of a large shop, 2 MB. */
const MAX_SHOPPERS = 2 ** 13;

/** Pairs of items that a source of an isolate holds: 3 MB. Shops of some ten thousand items and more give up rare ones. */
export const MAX_PAIRS = 2 ** 18;

type LiveRetrievers = {
  coVisitation: Retriever;
  sessionKnn: Retriever;
  /** Sees baskets only. */
  boughtTogether: Retriever;
};

/** Learns from each click that models learn from, as it comes. */
export type Follower = { observe(click: Click): void };

const LEARNED: ReadonlySet<string> = new Set(EVENT_TYPES);

export class LiveIndex {
  readonly trending: Trending;
  readonly segments: SegmentTrends;
  readonly revisits = new Revisits();
  /** By their numbers the buffer of clicks, followers and retrievers speak of items. */
  readonly clicked = new ClickedItems();
  /** What models learn from, for followers that come later. */
  readonly clicks = new ClickBuffer();
  readonly #retrievers: LiveRetrievers = {
    coVisitation: new CoVisitation({ maxPairs: MAX_PAIRS }),
    sessionKnn: new VmisKnn(),
    boughtTogether: createBasketKnn({ maxPairs: MAX_PAIRS }),
  };
  readonly #sessions = new SessionLog(MAX_SHOPPERS);
  readonly #shares = new FairShare();
  readonly #lone = new LoneItems();
  /** Of items that the catalogue does not have yet. */
  readonly #unlisted = new UnlistedRows();
  readonly #told = new ToldLines();
  readonly #followers = new Set<Follower>();
  #shared: ReadonlySet<Retriever> = new Set();
  /** `seq` of the last row taken in. */
  cursor = 0;
  readonly #catalog: Catalog;

  readonly #leastShoppers: number;

  /** @param leastShoppers different shoppers that an item needs before others are shown it, in a shop that has many */
  constructor(catalog: Catalog, leastShoppers = TREND_SHOPPERS) {
    this.#catalog = catalog;
    this.#leastShoppers = leastShoppers;
    this.trending = new Trending({ leastShoppers });
    this.segments = new SegmentTrends(leastShoppers);
  }

  /** What goes with the items of a context (catalogue numbers), best first; nothing that one shopper alone brought up. */
  propose(
    retriever: keyof LiveRetrievers,
    contextItems: readonly CatalogItem[],
    most: number,
  ): readonly Candidate<CatalogItem>[] {
    const session = contextItems.map((item) => this.clicked.numberOf(item));
    const candidates = this.#retrievers[retriever].retrieve(session, most);
    const named = candidates.map(({ item, score }) => ({
      item: this.clicked.itemOf(toClickedItem(item)),
      score,
    }));
    // In a shop of few shoppers, anybody's word counts.
    if (crowdOf(this.trending.everybody, this.#leastShoppers) === 0) return named;
    return named.filter(({ item }) => !this.#lone.has(item) || contextItems.includes(item));
  }

  /** Rows in order of `seq`. Those taken in before are passed over, so reads may overlap. */
  observe(rows: readonly TailRow[]): void {
    for (const { row, session } of this.#unlisted.takeListed(this.#catalog)) {
      this.#learn(row, session);
    }
    for (const row of rows) {
      if (row.seq <= this.cursor) continue;
      this.cursor = row.seq;
      if (row.linked_from !== null) {
        this.#sessions.link(row.linked_from, row.shopper);
        this.revisits.link(row.linked_from, row.shopper);
      }
      // Whatever a shopper does keeps the session open.
      const session = this.#sessions.nameOf(row.shopper, row);
      if (row.item_id === null || !ROLES_BY_NAME.has(row.name)) continue;
      if (row.name === "purchase" && this.#told.isRepeated(row)) continue;
      if (this.#catalog.find(row.item_id) === NO_ITEM) this.#unlisted.keep(row, session);
      else this.#learn(row, session);
    }
  }

  #learn(row: TailRow, session: string): void {
    const item = this.#catalog.find(row.item_id ?? "");
    const known = ROLES_BY_NAME.get(row.name);
    if (item === NO_ITEM || known === undefined) return;
    const { name, role } = known;
    const grant = this.#shares.take(row.shopper, item, EVENT_WEIGHTS[name] ?? 0, row.timestamp);
    this.trending.observe(item, grant, row.timestamp);
    this.segments.observe(item, grant, row.timestamp, row);
    if (grant.clicks >= MAX_FOLLOWED_CLICKS) return;
    this.#lone.observe(item, row.shopper);
    const click = { session, item: this.clicked.add(item), timestamp: row.timestamp };
    if (LEARNED.has(name)) {
      const kept = this.clicks.append(click);
      for (const follower of this.#followers) follower.observe(kept);
    }
    if (grant.clicks >= MAX_CLICKS) return;
    if (role.click) this.revisits.observe(row.shopper, item, CHOICES.has(name));
    const { coVisitation, sessionKnn, boughtTogether } = this.#retrievers;
    if (role.click) {
      // What a follower has brought along learns as one.
      if (!this.#shared.has(coVisitation)) coVisitation.observe(click);
      if (!this.#shared.has(sessionKnn)) sessionKnn.observe(click);
    }
    if (role.basket) boughtTogether.observe(click);
  }

  /** From now on they see every click, each once; they must have learned from `clicks` up to its end. */
  follow(followers: readonly Follower[]): void {
    for (const follower of followers) this.#followers.add(follower);
  }

  isFollowedBy(follower: Follower): boolean {
    return this.#followers.has(follower);
  }

  /** Answers by a follower's own retrievers, so that an isolate does not hold the like twice. */
  share(retrievers: Pick<LiveRetrievers, "coVisitation" | "sessionKnn">): void {
    Object.assign(this.#retrievers, retrievers);
    this.#shared = new Set([retrievers.coVisitation, retrievers.sessionKnn]);
  }

  /** The others hear no more of it. */
  followOnly(followers: ReadonlySet<Follower>): void {
    for (const follower of this.#followers) {
      if (!followers.has(follower)) this.#followers.delete(follower);
    }
  }
}
