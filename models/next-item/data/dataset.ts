// What a next-item model learns from: sessions over a dense item vocabulary, and what is known of the items.
// It must not know where they came from (session file, event log, export).

/** One session, oldest event first. `types` and `times`, where given, are as long as `items`. */
export type SessionSequence = {
  /** Item indices, 0 <= index < `NextItemData.items`. */
  items: readonly number[];
  /** Event type indices, 0 <= index < `NextItemData.types`. */
  types?: readonly number[];
  /** Event times in ms. */
  times?: readonly number[];
};

/** One categorical fact about every item (category, brand, price bucket). */
export type ContentField = {
  name: string;
  /** How many different values there are, and what they are called. */
  values: number;
  labels?: readonly string[];
  /** Value index of each item, -1 where unknown; shape [items]. */
  of: Int32Array;
};

export type NextItemData = {
  /** In order of time, so that the last part is the most recent. */
  sessions: readonly SessionSequence[];
  /** Size of the item vocabulary. */
  items: number;
  /** Size of the event type vocabulary; absent where the log knows only one type. */
  types?: number;
  content?: readonly ContentField[];
};

/** Wraps plain lists of item indices, as a session file has them. */
export function sessionsOf(lists: readonly (readonly number[])[]): SessionSequence[] {
  return lists.map((items) => ({ items }));
}
