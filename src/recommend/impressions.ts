// Collects what was shown and hands it on in batches: a queue message costs more than a list.
// An isolate that dies loses what it has not handed on yet, a second's worth; that is accepted for impressions.
import type { Catalog } from "../catalog/catalog.ts";
import type { Recommendation, RecommendRequest } from "./contract.ts";
import type { WaitUntil } from "./refresher.ts";

export type ImpressionRow = {
  recommendation_id: string;
  /** Place in the list, from 0. */
  position: number;
  item_id: string;
  /** Pseudonym, "" where the request named nobody. */
  shopper: string;
  surface: string;
  model_version: string | null;
  source: string;
  score: number;
  timestamp: number;
  /** The experiment that the list was part of, and the variant that brought the item in; null for none. */
  experiment: string | null;
  variant: string | null;
};

/** ms that rows wait for company. */
const FLUSH_AFTER = 1000;
/** ms after which the request that was to hand rows on counts as cut off. */
const LOST_AFTER = 30_000;
/** Rows that are handed on without waiting: surely one queue message, so nobody has to measure and split them. */
const FLUSH_AT = 120;
/** Rows that wait for a queue that takes none: what comes on top is lost, and told. */
const MAX_WAITING = 5000;
/** Rows of one list: nobody looks at all of a long one that was only put in order. */
const MAX_LOGGED = 100;

export class ImpressionBuffer {
  readonly #send: (rows: readonly ImpressionRow[]) => Promise<void>;
  #rows: ImpressionRow[] = [];
  /** When somebody began to wait for company, ms: until then nobody else needs to. */
  #waitingSince = Number.NEGATIVE_INFINITY;
  /** Whether the last sending failed: the next rows take the others along at once. */
  #failed = false;

  constructor(send: (rows: readonly ImpressionRow[]) => Promise<void>) {
    this.#send = send;
  }

  /** Never waits, never throws. */
  add(rows: readonly ImpressionRow[], now: number, waitUntil: WaitUntil): void {
    if (rows.length === 0) return;
    for (const row of rows) this.#rows.push(row);
    if (this.#rows.length >= FLUSH_AT || this.#failed) waitUntil(this.#flush());
    else if (now - this.#waitingSince >= LOST_AFTER) {
      this.#waitingSince = now;
      waitUntil(this.#flushLater());
    }
  }

  async #flushLater(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, FLUSH_AFTER));
    this.#waitingSince = Number.NEGATIVE_INFINITY;
    await this.#flush();
  }

  async #flush(): Promise<void> {
    const rows = this.#rows;
    this.#rows = [];
    if (rows.length === 0) return;
    try {
      await this.#send(rows);
      this.#failed = false;
    } catch (error) {
      // They go with the next ones. A part of them may have been sent: the log takes each row once.
      this.#failed = true;
      this.#rows = [...rows, ...this.#rows].slice(0, MAX_WAITING);
      console.error(JSON.stringify({ message: "impressions not sent", error: String(error) }));
    }
  }
}

/** One row a shown item. */
export function listImpressions(
  catalog: Catalog,
  request: RecommendRequest,
  shown: Recommendation,
  now: number,
): ImpressionRow[] {
  return shown.items
    .slice(0, MAX_LOGGED)
    .map(({ item, source, score, variant, model_version }, place) => ({
      recommendation_id: shown.recommendation_id,
      position: shown.first + place,
      item_id: catalog.ids[item] ?? "",
      shopper: shown.shopper ?? request.shopper ?? "",
      surface: request.purpose,
      model_version,
      source,
      score,
      timestamp: now,
      experiment: variant === null ? null : shown.experiment,
      variant,
    }));
}
