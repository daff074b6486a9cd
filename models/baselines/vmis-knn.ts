// VMIS-kNN: finds past sessions like the current one and takes what they clicked.
// Kersbergen, Sprangers, Schelter: "Serenade: Low-Latency Session-Based Recommendation in e-Commerce at Scale",
// SIGMOD 2022. A neighbour's items are weighed by their distance from the shared item, as V-STAN does it
// (Garg et al., SIGIR 2019; Ludewig et al., UMUAI 2021), so that order counts and a repeated item is found.
import { ClickRing } from "./click-ring.ts";
import { growInts, nextCapacity } from "./growth.ts";
import { MAX_OPEN_SESSIONS } from "./open-sessions.ts";
import type { Candidate, Click, ScoringRetriever } from "./retriever.ts";
import { SparseScores } from "./sparse-scores.ts";

export type VmisKnnOptions = {
  name?: string;
  /** m: the most recent sessions that are looked at for each item of the context. */
  recentSessions?: number;
  /** k: the most similar of them that vote. */
  neighbours?: number;
  /** Distinct items of the context that are looked up, from the last one back. */
  maxContext?: number;
  maxClicks?: number;
  maxSessions?: number;
  maxOpenSessions?: number;
};

// Chosen on the last 10% of train of two public logs.
const RECENT_SESSIONS = 500;
const NEIGHBOURS = 200;
const MAX_CONTEXT = 10;
/** e-folding of a context item's weight, in clicks back from the last. */
const CONTEXT_DECAY = 2;
/** A neighbour matched only by an old click counts less: 1 - distance/this, as in Serenade. */
const MATCH_REACH = 10;
/** Weight of a neighbour's item d clicks after, d clicks before, and on the shared item itself. */
const AFTER = (distance: number): number => 1 / distance;
const BEFORE = (distance: number): number => 0.6 / distance;
const SHARED = 1;

/** Clicks of a neighbour that are read, from its last one back; longer ones are mostly crawlers. */
const MAX_NEIGHBOUR_LENGTH = 50;
/** Clicks on the shared item that vote, from the last one back: bounds a vote to 5 x 50 additions. */
const MAX_MATCHES = 5;
// 17 MB of clicks; with the sessions and an isolate's catalogue well inside 128 MB.
const MAX_CLICKS = 1_000_000;
const MAX_SESSIONS = 200_000;

export class VmisKnn implements ScoringRetriever {
  readonly name: string;
  readonly #neighbours: number;
  readonly #maxContext: number;
  readonly #ring: ClickRing;
  /** By session slot: similarity to the context. */
  readonly #similarity = new SparseScores();
  /** By session slot: the index in the context of the latest shared item. */
  #shared = new Int32Array(0);
  readonly #slots: Int32Array;
  readonly #scores = new SparseScores();
  readonly #neighbour = new Int32Array(MAX_NEIGHBOUR_LENGTH);

  constructor(options: VmisKnnOptions = {}) {
    this.name = options.name ?? "vmis-knn";
    this.#slots = new Int32Array(options.recentSessions ?? RECENT_SESSIONS);
    this.#neighbours = options.neighbours ?? NEIGHBOURS;
    this.#maxContext = options.maxContext ?? MAX_CONTEXT;
    this.#ring = new ClickRing({
      maxClicks: options.maxClicks ?? MAX_CLICKS,
      maxSessions: options.maxSessions ?? MAX_SESSIONS,
      maxOpenSessions: options.maxOpenSessions ?? MAX_OPEN_SESSIONS,
    });
  }

  observe(click: Click): void {
    this.#ring.append(click.session, click.item);
  }

  /** Score: weighted votes of the neighbours times the item's inverse session frequency. */
  retrieve(session: readonly number[], k: number): Candidate[] {
    this.#findSessions(session);
    this.#scores.clear();
    // A session at the far end of the ring counts half of one that just ended.
    this.#similarity.multiplyEach((slot) => 1 / (1 + this.#ring.ageOf(slot)));
    const moreRecent = (a: number, b: number): boolean =>
      this.#ring.lastClickOf(a) > this.#ring.lastClickOf(b);
    this.#similarity.visitBest(
      this.#neighbours,
      (slot, similarity) => this.#vote(slot, similarity, session),
      moreRecent,
    );
    this.#scores.multiplyEach((item) => 1 + this.#rarity(item));
    return this.#scores.toCandidates(k);
  }

  scoreOf(item: number): number {
    return this.#scores.find(item);
  }

  #rarity(item: number): number {
    return Math.log1p(this.#ring.sessions / Math.max(1, this.#ring.sessionsWith(item)));
  }

  /** Adds up the similarity of every recent session that shares an item with the context. */
  #findSessions(session: readonly number[]): void {
    this.#similarity.clear();
    this.#growSlots();
    let looked = 0;
    for (let index = session.length - 1; index >= 0 && looked < this.#maxContext; index--) {
      const item = session[index] ?? 0;
      if (session.indexOf(item, index + 1) !== -1) continue;
      looked++;
      const distance = session.length - 1 - index;
      const weight = Math.exp(-distance / CONTEXT_DECAY) * this.#rarity(item);
      const found = this.#ring.findSessions(item, this.#slots);
      for (let rank = 0; rank < found; rank++) {
        const slot = this.#slots[rank] ?? 0;
        if (this.#similarity.add(slot, weight)) this.#shared[slot] = index;
      }
    }
  }

  /** One neighbour's votes for its items, by their distance from each click on the latest shared item. */
  #vote(slot: number, similarity: number, session: readonly number[]): void {
    const index = this.#shared[slot] ?? 0;
    const weight = similarity * (1 - (session.length - 1 - index) / MATCH_REACH);
    if (weight <= 0) return;
    const shared = session[index];
    const length = this.#ring.readSession(slot, this.#neighbour);
    let matches = 0;
    for (let match = 0; match < length && matches < MAX_MATCHES; match++) {
      if (this.#neighbour[match] !== shared) continue;
      matches++;
      for (let other = 0; other < length; other++) {
        // Newest first: a smaller index is a later click.
        const after = match - other;
        const factor = after > 0 ? AFTER(after) : after < 0 ? BEFORE(-after) : SHARED;
        this.#scores.add(this.#neighbour[other] ?? 0, weight * factor);
      }
    }
  }

  #growSlots(): void {
    if (this.#shared.length >= this.#ring.sessions) return;
    const capacity = nextCapacity(this.#shared.length, this.#ring.sessions);
    this.#shared = growInts(this.#shared, capacity);
  }
}
