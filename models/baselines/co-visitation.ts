// What was clicked after an item (or before it) within one session. With one step and the last item only this is the
// first-order Markov chain; with more steps it is "sequential rules" (Kamehkhosh et al., RecTemp 2017).
import { ForwardDecay } from "./forward-decay.ts";
import { NeighbourLists } from "./neighbour-lists.ts";
import { openItemLists, type OpenSessions } from "./open-sessions.ts";
import type { Candidate, Click, ScoringRetriever } from "./retriever.ts";
import { SparseScores } from "./sparse-scores.ts";

export type Direction = "after" | "before" | "both";

export type CoVisitationOptions = {
  name?: string;
  /** Which way a pair counts: what came after an item (the default), before it, or both. */
  direction?: Direction;
  /** How many clicks apart two items may be; a pair d clicks apart weighs 1/d. */
  maxSteps?: number;
  /** How many of the session's last items are looked up. */
  maxContext?: number;
  /** ms after which a pair counts half; Infinity (the default) counts all alike. */
  halfLife?: number;
  maxNeighbours?: number;
  /** Of all items together; see `NeighbourLists`. */
  maxPairs?: number;
  maxOpenSessions?: number;
};

/** Beyond so many successors the tail is noise; memory is at most 12 bytes a neighbour. */
const MAX_NEIGHBOURS = 200;
/** Each item back from the last one counts so much of the one after it. */
const CONTEXT_DECAY = 0.6;

export class CoVisitation implements ScoringRetriever {
  readonly name: string;
  readonly #maxSteps: number;
  readonly #maxContext: number;
  readonly #direction: Direction;
  readonly #lists: NeighbourLists;
  readonly #decay: ForwardDecay;
  /** The last `maxSteps` items of each open session, oldest first. */
  readonly #sessions: OpenSessions<number[]>;
  readonly #scores = new SparseScores();

  constructor(options: CoVisitationOptions = {}) {
    this.name = options.name ?? "co-visitation";
    this.#maxSteps = options.maxSteps ?? 5;
    this.#maxContext = options.maxContext ?? 10;
    this.#direction = options.direction ?? "after";
    this.#lists = new NeighbourLists(options.maxNeighbours ?? MAX_NEIGHBOURS, options.maxPairs);
    this.#decay = new ForwardDecay(options.halfLife ?? Infinity, (factor) =>
      this.#lists.multiplyAll(factor),
    );
    this.#sessions = openItemLists(options.maxOpenSessions);
  }

  observe(click: Click): void {
    const recent = this.#sessions.open(click.session);
    const weight = this.#decay.weigh(click.timestamp);
    for (const [index, item] of recent.entries()) {
      const share = weight / (recent.length - index);
      if (this.#direction !== "before") this.#lists.add(item, click.item, share);
      if (this.#direction !== "after") this.#lists.add(click.item, item, share);
    }
    if (recent.length === this.#maxSteps) recent.shift();
    recent.push(click.item);
  }

  /** Score: the share of the successors' weight, summed over the context with geometric decay. */
  retrieve(session: readonly number[], k: number): Candidate[] {
    this.#scores.clear();
    const oldest = Math.max(0, session.length - this.#maxContext);
    let factor = 1;
    for (let index = session.length - 1; index >= oldest; index--) {
      const item = session[index] ?? 0;
      const scale = factor / this.#lists.totalOf(item);
      // A total of 0: unknown, or decayed beyond what a number can hold.
      if (scale < Infinity)
        this.#lists.visit(item, (to, weight) => this.#scores.add(to, weight * scale));
      factor *= CONTEXT_DECAY;
    }
    return this.#scores.toCandidates(k);
  }

  scoreOf(item: number): number {
    return this.#scores.find(item);
  }
}

/** The first-order Markov chain: the successors of the last item. */
export function createMarkov(options: CoVisitationOptions = {}): CoVisitation {
  return new CoVisitation({ name: "markov", maxSteps: 1, maxContext: 1, ...options });
}
