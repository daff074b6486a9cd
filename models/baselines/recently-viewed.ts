// The items of the session itself, the latest first, and with `pairs` what was clicked near them in other sessions. The
// plainest lists there are: whoever counts revisits has to beat them.
import { NeighbourLists } from "./neighbour-lists.ts";
import { openItemLists, type OpenSessions } from "./open-sessions.ts";
import type { Candidate, Click, Retriever } from "./retriever.ts";
import { SparseScores } from "./sparse-scores.ts";

/** Last clicks that vote for their own items, each so much less than the one after it. */
const OWN_CLICKS = 20;
const OWN_WEIGHT = 3;
const OWN_DECAY = 0.8;
/** Last clicks whose companions are looked up; clicks apart that two of them may be. */
const LOOKED_UP = 3;
const LOOKED_UP_DECAY = 0.6;
const PAIR_STEPS = 5;
/** Companions kept of an item. */
const MAX_NEIGHBOURS = 200;

export class RecentlyViewed implements Retriever {
  readonly name: string;
  /** null: the session's own items alone. */
  readonly #pairs: NeighbourLists | null;
  readonly #sessions: OpenSessions<number[]> = openItemLists();
  readonly #scores = new SparseScores();

  constructor({ pairs = false } = {}) {
    this.name = pairs ? "recently-viewed + co-visitation" : "recently-viewed";
    this.#pairs = pairs ? new NeighbourLists(MAX_NEIGHBOURS) : null;
  }

  observe(click: Click): void {
    if (this.#pairs === null) return;
    const recent = this.#sessions.open(click.session);
    for (const item of recent) {
      if (item === click.item) continue;
      this.#pairs.add(item, click.item, 1);
      this.#pairs.add(click.item, item, 1);
    }
    if (recent.length === PAIR_STEPS) recent.shift();
    recent.push(click.item);
  }

  retrieve(session: readonly number[], k: number): Candidate[] {
    const latestFirst = session.slice(-OWN_CLICKS).toReversed();
    this.#scores.clear();
    if (this.#pairs === null) {
      // Distinct ones only: how often an item was clicked says nothing here.
      for (const [back, item] of [...new Set(session.toReversed())].entries()) {
        this.#scores.add(item, 1 / (1 + back));
      }
      return this.#scores.toCandidates(k);
    }
    for (const [back, item] of latestFirst.entries()) {
      this.#scores.add(item, OWN_WEIGHT * OWN_DECAY ** back);
    }
    for (const [back, item] of latestFirst.slice(0, LOOKED_UP).entries()) {
      const scale = LOOKED_UP_DECAY ** back;
      this.#pairs.visit(item, (to, count) => void this.#scores.add(to, count * scale));
    }
    return this.#scores.toCandidates(k);
  }
}
