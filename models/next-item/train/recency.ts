// Shops drift: what was clicked last month says less of today than what was clicked this morning. So training begins
// with all sessions, from which rare items learn what they can, and ends with mostly new ones.
// It knows sessions by their order in time alone.

/** How rare old sessions are in an epoch: none at all in the first, `recency` in the last. */
export function recencyIn(epoch: number, epochs: number, recency: number): number {
  return epochs > 1 ? (recency * epoch) / (epochs - 1) : recency;
}

/** The chance that a session takes part: 1 for the newest of `sessions`, about e^-recency for the oldest. */
export function chanceOf(session: number, sessions: number, recency: number): number {
  return Math.exp(-recency * (1 - (session + 1) / sessions));
}
