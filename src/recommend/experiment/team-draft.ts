// One list out of two rankings, by team draft (Radlinski, Kurup and Joachims, "How does clickthrough data reflect
// retrieval quality?", CIKM 2008): in each round both pick their best that is left, a coin says who is first.

/** `team`: 0 or 1, who picked the item. */
export type Drafted = { item: number; team: 0 | 1 };

/** @param coin true where team 0 picks first in this round; called once a round */
export function draftTeams(
  first: readonly number[],
  second: readonly number[],
  coin: () => boolean,
): Drafted[] {
  const rankings = [first, second] as const;
  const next = [0, 0];
  const taken = new Set<number>();
  const drafted: Drafted[] = [];

  function pick(team: 0 | 1): void {
    const ranking = rankings[team];
    let index = next[team] ?? 0;
    while (index < ranking.length && taken.has(ranking[index] ?? -1)) index += 1;
    next[team] = index + 1;
    const item = ranking[index];
    if (item === undefined) return;
    taken.add(item);
    drafted.push({ item, team });
  }

  const all = new Set([...first, ...second]).size;
  while (drafted.length < all) {
    const leader = coin() ? 0 : 1;
    pick(leader);
    pick(leader === 0 ? 1 : 0);
  }
  return drafted;
}

/** Coins that follow from a seed: mulberry32 (Tommy Ettinger, public domain). */
export function tossFrom(seed: number): () => boolean {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % 2 === 0;
  };
}
