// Collects the lists that were shown and hands them on in batches: a queue message costs more than a list.
// An isolate that dies loses what it has not handed on yet, a second's worth; that is accepted for impressions.
import type { Catalog } from "../catalog/catalog.ts";
import type { Recommendation, RecommendRequest } from "../recommend/contract.ts";
import type { WaitUntil } from "./refresher.ts";
import { log } from "../../durable/log-line.ts";

/** One page of a list. What its items have in common is said once, since there are many more items than lists. */
export type ShownList = {
  recommendation_id: string;
  /** Position of the first item, from 0: later pages have the same id. */
  first: number;
  /** Pseudonym, "" where the request named nobody. */
  shopper: string;
  surface: string;
  timestamp: number;
  /** The experiment that the list was part of, null for none. */
  experiment: string | null;
  /** Ids, in order of position. */
  items: string[];
  /** Of each item; `arm` is an index into `arms`. */
  origins: [source: string, score: number, arm: number][];
  /** One, but two or three where two rankings are interleaved: what one of them brought in, or both. */
  arms: [variant: string | null, model_version: string | null][];
};

/** ms that lists wait for company. */
const FLUSH_AFTER = 1000;
/** ms after which the request that was to hand lists on counts as cut off. */
const LOST_AFTER = 30_000;
/** Items in lists that are handed on without waiting: about half of what a queue message holds. */
const FLUSH_AT = 1000;
/** Items in lists that wait for a queue that takes none: what comes on top is lost, and told. */
const MAX_WAITING = 20_000;
/** Items of one list: nobody looks at all of a long one that was only put in order. */
const MAX_LOGGED = 100;
/** Digits of a score: a float32 has no more to tell. */
const PRECISION = 7;

export class ShownBuffer {
  readonly #send: (lists: readonly ShownList[]) => Promise<void>;
  #lists: ShownList[] = [];
  /** Items in them. */
  #items = 0;
  /** When somebody began to wait for company, ms: until then nobody else needs to. */
  #waitingSince = Number.NEGATIVE_INFINITY;
  /** Whether the last sending failed: the next list takes the others along at once. */
  #failed = false;

  constructor(send: (lists: readonly ShownList[]) => Promise<void>) {
    this.#send = send;
  }

  /** Never waits, never throws. */
  add(list: ShownList, now: number, waitUntil: WaitUntil): void {
    if (list.items.length === 0) return;
    this.#keep(list);
    if (this.#items >= FLUSH_AT || this.#failed) waitUntil(this.#flush());
    else if (now - this.#waitingSince >= LOST_AFTER) {
      this.#waitingSince = now;
      waitUntil(this.#flushLater());
    }
  }

  #keep(list: ShownList): void {
    this.#lists.push(list);
    this.#items += list.items.length;
  }

  async #flushLater(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, FLUSH_AFTER));
    this.#waitingSince = Number.NEGATIVE_INFINITY;
    await this.#flush();
  }

  async #flush(): Promise<void> {
    const lists = this.#lists;
    this.#lists = [];
    this.#items = 0;
    if (lists.length === 0) return;
    try {
      await this.#send(lists);
      this.#failed = false;
    } catch (error) {
      // They go with the next ones. A part of them may have been sent: the log takes each list once.
      this.#failed = true;
      const newer = this.#lists;
      this.#lists = [];
      this.#items = 0;
      let lost = 0;
      for (const list of [...lists, ...newer]) {
        if (this.#items < MAX_WAITING) this.#keep(list);
        else lost += 1;
      }
      log("error", "shown_lists_not_sent", { lost }, error);
    }
  }
}

export function describeShown(
  catalog: Catalog,
  request: RecommendRequest,
  shown: Recommendation,
  now: number,
): ShownList {
  const arms: ShownList["arms"] = [];
  const items = shown.items.slice(0, MAX_LOGGED);
  const origins = items.map(
    ({ source, score, variant, model_version }): ShownList["origins"][number] => {
      let arm = arms.findIndex(([name, version]) => name === variant && version === model_version);
      if (arm < 0) arm = arms.push([variant, model_version]) - 1;
      return [source, Number(score.toPrecision(PRECISION)), arm];
    },
  );
  return {
    recommendation_id: shown.recommendation_id,
    first: shown.first,
    shopper: shown.shopper ?? request.shopper ?? "",
    surface: request.surface,
    timestamp: now,
    experiment: shown.experiment,
    items: items.map(({ item }) => catalog.ids[item] ?? ""),
    origins,
    arms,
  };
}
