// Click dropout: sessions with some clicks left out, an augmentation that teaches to bridge a step not taken
// (Tan et al., "Improved Recurrent Neural Networks for Session-based Recommendations", 2016).
import type { Random } from "../../graph/random.ts";
import type { SessionSequence } from "../data/dataset.ts";

/** Leaves out each click with probability `drop`; a session that would be left with one click stays whole. */
export function thinSessions(
  sessions: readonly SessionSequence[],
  drop: number,
  random: Random,
): readonly SessionSequence[] {
  if (drop === 0) return sessions;
  return sessions.map((session) => {
    const kept = session.items.map(() => random.uniform() >= drop);
    const left = kept.reduce((count, keep) => count + Number(keep), 0);
    if (left < 2 || left === kept.length) return session;
    const keep = (xs: readonly number[]) => xs.filter((_, event) => kept[event]);
    const { items, types, times } = session;
    return { items: keep(items), types: types && keep(types), times: times && keep(times) };
  });
}
