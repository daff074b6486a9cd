// What every retrieval source is: it observes clicks one by one and proposes items for a session.
// The same object is a baseline in the evaluation and a live source in the Worker.

/** One interaction, in event-time order. `item` is a dense index into the catalogue's vocabulary. */
export type Click = {
  session: string | number;
  item: number;
  /** Event time in ms. */
  timestamp: number;
};

/** A proposed item; a higher score is better. Scores of different retrievers are not comparable. */
export type Candidate<Item extends number = number> = { item: Item; score: number };

export interface Retriever {
  readonly name: string;
  /** Learns one click. Cheap and incremental: the Worker calls it on the tail of the event log. */
  observe(click: Click): void;
  /** At most `k` candidates for the session so far (oldest item first), best first; ties by item index. */
  retrieve(session: readonly number[], k: number): Candidate[];
}

/** A retriever that also has a word on items that it did not propose, as a ranking model needs it. */
export interface ScoringRetriever extends Retriever {
  /** The item's score for the session of the last `retrieve`; 0 where the retriever knows nothing of it. */
  scoreOf(item: number): number;
}
