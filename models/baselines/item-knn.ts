// Item-to-item nearest neighbours: cosine between items as sets of sessions (Sarwar et al., WWW 2001; damped as in
// Hidasi et al., ICLR 2016), for "similar items" and as a baseline.
import { growInts, nextCapacity } from "./growth.ts";
import { NeighbourLists } from "./neighbour-lists.ts";
import { openItemLists, type OpenSessions } from "./open-sessions.ts";
import type { Candidate, Click, ScoringRetriever } from "./retriever.ts";
import { SparseScores } from "./sparse-scores.ts";

export type ItemKnnOptions = {
  name?: string;
  /** How many of a session's last distinct items are paired with a new one. */
  maxWindow?: number;
  /** How many of the session's last items are looked up. */
  maxContext?: number;
  /** What the items' own counts take off: 0.5 (the default) is the cosine, less lets what sells anyway come up. */
  popularityPower?: number;
  /** Whether an item of a long session says less of each of the others: each shares its weight among them. */
  sharesWeight?: boolean;
  maxNeighbours?: number;
  /** Of all items together; see `NeighbourLists`. */
  maxPairs?: number;
  maxOpenSessions?: number;
};

/** Longer sessions are mostly crawlers, and cost grows with the square. */
const MAX_WINDOW = 20;
const MAX_NEIGHBOURS = 200;
/** Sessions added to each item's count, so that one chance meeting of two rare items is no certainty. */
const DAMPING = 20;
/** Baskets of a shop are larger than sessions, and all of one is bought together. */
const BASKET_WINDOW = 60;
/** On the orders of a gift shop 0.2 to 0.35 did alike, and better than the cosine. */
const BASKET_POWER = 0.2;
/** Each item back from the last one counts so much of the one after it. */
const CONTEXT_DECAY = 0.6;

export class ItemKnn implements ScoringRetriever {
  readonly name: string;
  readonly #maxWindow: number;
  readonly #maxContext: number;
  readonly #power: number;
  readonly #sharesWeight: boolean;
  /** Sessions that two items share. */
  readonly #shared: NeighbourLists;
  /** Sessions of each item. */
  #counts = new Int32Array(0);
  readonly #sessions: OpenSessions<number[]>;
  readonly #scores = new SparseScores();

  constructor(options: ItemKnnOptions = {}) {
    this.name = options.name ?? "item-knn";
    this.#maxWindow = options.maxWindow ?? MAX_WINDOW;
    this.#maxContext = options.maxContext ?? 10;
    this.#power = options.popularityPower ?? 0.5;
    this.#sharesWeight = options.sharesWeight ?? false;
    this.#shared = new NeighbourLists(options.maxNeighbours ?? MAX_NEIGHBOURS, options.maxPairs);
    this.#sessions = openItemLists(options.maxOpenSessions);
  }

  observe(click: Click): void {
    const { item } = click;
    const recent = this.#sessions.open(click.session);
    if (recent.includes(item)) return;
    if (item >= this.#counts.length) {
      this.#counts = growInts(this.#counts, nextCapacity(this.#counts.length, item + 1));
    }
    this.#counts[item] = (this.#counts[item] ?? 0) + 1;
    const weight = this.#sharesWeight ? 1 / Math.sqrt(1 + recent.length) : 1;
    for (const other of recent) {
      this.#shared.add(other, item, weight);
      this.#shared.add(item, other, weight);
    }
    if (recent.length === this.#maxWindow) recent.shift();
    recent.push(item);
  }

  /** Score: damped cosine, summed over the context with geometric decay; the context's own items may come back. */
  retrieve(session: readonly number[], k: number): Candidate[] {
    this.#scores.clear();
    const oldest = Math.max(0, session.length - this.#maxContext);
    let factor = 1;
    for (let index = session.length - 1; index >= oldest; index--) {
      const item = session[index] ?? 0;
      const scale = factor / Math.sqrt(this.#countOf(item));
      this.#shared.visit(item, (to, shared) =>
        this.#scores.add(to, (scale * shared) / this.#damp(to)),
      );
      factor *= CONTEXT_DECAY;
    }
    return this.#scores.toCandidates(k);
  }

  scoreOf(item: number): number {
    return this.#scores.find(item);
  }

  #damp(item: number): number {
    const count = this.#countOf(item);
    return this.#power === 0.5 ? Math.sqrt(count) : count ** this.#power;
  }

  #countOf(item: number): number {
    return (this.#counts[item] ?? 0) + DAMPING;
  }
}

/** What is bought with what: items that sell anyway stand in many baskets for a reason, and large baskets say little. */
export function createBasketKnn(options: ItemKnnOptions = {}): ItemKnn {
  return new ItemKnn({
    name: "bought-together",
    maxWindow: BASKET_WINDOW,
    popularityPower: BASKET_POWER,
    sharesWeight: true,
    ...options,
  });
}
