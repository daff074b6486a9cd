// Remembers what is needed of the sessions that may still go on; the least recently active is forgotten first.

/** Sessions that may go on at the same time in one shop: 1 MB of heap for each that remembers them. */
export const MAX_OPEN_SESSIONS = 5_000;

export class OpenSessions<State> {
  readonly #states = new Map<string | number, State>();
  readonly #limit: number;
  readonly #begin: (recycled: State | null) => State;

  /**
   * @param limit how many sessions are held at most
   * @param begin makes the state of a new session, from a forgotten session's state where there is one
   */
  constructor(limit: number, begin: (recycled: State | null) => State) {
    this.#limit = limit;
    this.#begin = begin;
  }

  get size(): number {
    return this.#states.size;
  }

  /** The session's state; from now on it is the most recently active one. */
  open(session: string | number): State {
    const known = this.#states.get(session);
    // A Map iterates in order of insertion: taking out and putting back makes it a queue by last activity.
    if (known !== undefined) this.#states.delete(session);
    const state = known ?? this.#begin(this.#evict());
    this.#states.set(session, state);
    return state;
  }

  #evict(): State | null {
    if (this.#states.size < this.#limit) return null;
    for (const [session, state] of this.#states) {
      this.#states.delete(session);
      return state;
    }
    return null;
  }
}

/** A list of items for each open session; a forgotten session's array is used again. */
export function openItemLists(limit = MAX_OPEN_SESSIONS): OpenSessions<number[]> {
  return new OpenSessions(limit, (recycled) => {
    if (recycled !== null) recycled.length = 0;
    return recycled ?? [];
  });
}
