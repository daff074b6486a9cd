// What one isolate holds in memory for all its requests, and how it keeps up with the shop: the catalogue, the live
// index, the models. It reads through `IsolatePorts` and never makes a request wait for longer than its budget.
import type { ChangedItem } from "../catalog/changed-item.ts";
import { Catalog } from "../catalog/catalog.ts";
import type { Degradation, Surface } from "../recommend/contract.ts";
import { Declared } from "./declared.ts";
import type { DeclarationRows } from "./declared.ts";
import { LiveIndex } from "../live/live-index.ts";
import type { TailRow } from "../live/tail-row.ts";
import type { ModelNames } from "../recommend/rank/model-set.ts";
import type { ModelWatch } from "./model-watch.ts";
import { PolicyBook } from "../recommend/rules/policy-book.ts";
import { Refresher } from "./refresher.ts";
import type { WaitUntil } from "./refresher.ts";

/** What the models of an isolate are made of. */
export type Known = {
  catalog: Catalog;
  live: LiveIndex;
  /** Sets of models that running experiments name. */
  wanted: () => readonly ModelNames[];
};

export type IsolatePorts = {
  readChangedItems(after: number, limit: number): Promise<ChangedItem[]>;
  readLogTail(afterSeq: number, limit: number): Promise<TailRow[]>;
  readLastSeq(): Promise<number>;
  readDeclarations(): Promise<DeclarationRows>;
};

/** ms between looks at D1. A change is seen within this and the time of one query. */
const POLL_EVERY = 2000;
/** ms. An isolate that nobody asked for a while first looks again. */
const STALE_AFTER = 5 * POLL_EVERY;
/** ms between looks at the registry's pointer. */
const MODEL_POLL_EVERY = 15_000;
const MODEL_STALE_AFTER = Number.POSITIVE_INFINITY;
/** ms. A Worker's work goes on for 30 s after its answer, then it is cut off. */
const LOST_AFTER = 30_000;
/** Rows a query: about 1.5 MB of items, 1 MB of events. */
const PAGE = 5000;
/** Rows of the log that a new isolate reads: the last days of a busy shop, a second of work. */
const BACKLOG = 50_000;
/**
 * ms that an answer waits at most, for all that is not in memory together: what an isolate does not have yet or has too
 * old, and the shopper, are waited for side by side. What is late is left out, and the answer says so.
 */
export const ANSWER_BUDGET = 1500;

/** ms that an event waits at most for a catalogue that is not in memory; then it is kept as it was sent. */
const FILL_BUDGET = 500;

export class Isolate {
  readonly catalog = new Catalog();
  readonly live: LiveIndex;
  readonly models: ModelWatch;
  readonly policies = new PolicyBook(this.catalog);
  readonly declared = new Declared();
  readonly #ports: IsolatePorts;
  readonly #items: Refresher;
  readonly #tail: Refresher;
  readonly #declarations: Refresher;
  readonly #pointer: Refresher;

  /** The catalogue as it is read for the first time: what the log says of items nobody knows is not counted. */
  #firstItems: Promise<void> | null = null;

  /** @param leastShoppers see `LiveIndex` */
  constructor(
    ports: IsolatePorts,
    makeModels: (known: Known) => ModelWatch,
    leastShoppers?: number,
  ) {
    this.#ports = ports;
    this.live = new LiveIndex(this.catalog, leastShoppers);
    const { catalog, live, declared } = this;
    this.models = makeModels({ catalog, live, wanted: () => declared.listModels() });
    const poll = { every: POLL_EVERY, staleAfter: STALE_AFTER, lostAfter: LOST_AFTER };
    this.#items = new Refresher(poll, () => (this.#firstItems = this.#loadItems(ports)));
    this.#tail = new Refresher(poll, () => this.#loadTail(ports));
    this.#declarations = new Refresher(poll, async () => {
      this.declared.replace(await ports.readDeclarations());
      this.policies.replace(this.declared.policies);
    });
    this.#pointer = new Refresher(
      { every: MODEL_POLL_EVERY, staleAfter: MODEL_STALE_AFTER, lostAfter: LOST_AFTER },
      (now) => this.models.refresh(now),
    );
  }

  /** Starts what refreshes are due and waits, within a budget, where there is nothing to answer from. */
  async keepUp(now: number, waitUntil: WaitUntil): Promise<Degradation[]> {
    const parts = [this.#items, this.#tail, this.#declarations, this.#pointer];
    for (const part of parts) part.touch(now, waitUntil);
    if (parts.some((part) => part.judge(now) !== "fresh")) {
      await Promise.all(parts.map((part) => part.settle(now, ANSWER_BUDGET)));
    }
    const degraded: Degradation[] = [];
    if (this.#items.judge(now) !== "fresh") degraded.push("catalog");
    if (this.#tail.judge(now) !== "fresh") degraded.push("events");
    if (this.#declarations.judge(now) !== "fresh") degraded.push("rules");
    if (this.models.isLacking) degraded.push("model");
    return degraded;
  }

  /** The same for an answer of one surface: its rules may be those of before, or none. */
  async keepUpFor(surface: Surface, now: number, waitUntil: WaitUntil): Promise<Degradation[]> {
    const degraded = await this.keepUp(now, waitUntil);
    if (degraded.includes("rules") || !this.declared.unreadableSurfaces.has(surface))
      return degraded;
    return [...degraded, "rules"];
  }

  /** Keeps up with the catalogue alone, for who only asks what items are. */
  async keepItems(now: number, waitUntil: WaitUntil): Promise<void> {
    this.#items.touch(now, waitUntil);
    if (this.#items.judge(now) !== "fresh") await this.#items.settle(now, FILL_BUDGET);
  }

  /** Takes in at once what was just written, so that the next event of this isolate finds it. */
  async reloadItems(): Promise<void> {
    await this.#loadItems(this.#ports);
  }

  /** Why the last looks failed, by part; empty where all is well. */
  get lastErrors(): Record<string, string> {
    const { unreadable } = this.declared;
    const passedOver = unreadable.length === 0 ? null : `cannot be read: ${unreadable.join(", ")}`;
    const found = {
      catalog: this.#items.lastError,
      events: this.#tail.lastError,
      rules: this.#declarations.lastError ?? passedOver,
      models: this.#pointer.lastError,
    };
    const errors: Record<string, string> = {};
    for (const [part, error] of Object.entries(found)) if (error !== null) errors[part] = error;
    return errors;
  }

  async #loadItems(ports: IsolatePorts): Promise<void> {
    for (;;) {
      const rows = await ports.readChangedItems(this.catalog.cursor, PAGE);
      this.catalog.apply(rows);
      if (rows.length < PAGE) return;
    }
  }

  async #loadTail(ports: IsolatePorts): Promise<void> {
    if (this.live.cursor === 0) {
      await this.#firstItems;
      const last = await ports.readLastSeq();
      this.live.cursor = Math.max(0, last - BACKLOG);
    }
    for (;;) {
      const rows = await ports.readLogTail(this.live.cursor, PAGE);
      this.live.observe(rows);
      if (rows.length < PAGE) return;
    }
  }
}
