// Metrics of one ranked list with any number of relevant items, cut off at k: MRR of the first of them, and NDCG with
// gains of 1 (Järvelin & Kekäläinen, TOIS 2002). Ties count against us.

export type ListGains = { hr: number; mrr: number; ndcg: number };

/**
 * 0 where none of the relevant items is in the list.
 *
 * @param scores by which the list is ordered; shape [candidates]
 * @param relevant indexes of the relevant candidates
 */
export function gainsOfList(
  scores: ArrayLike<number>,
  relevant: readonly number[],
  cutoff: number,
): ListGains {
  const ranks = ranksOf(scores, relevant).filter((rank) => rank <= cutoff);
  const discount = (rank: number): number => 1 / Math.log2(rank + 1);
  const [first] = ranks;
  if (first === undefined) return { hr: 0, mrr: 0, ndcg: 0 };
  let ideal = 0;
  for (let rank = 1; rank <= Math.min(cutoff, relevant.length); rank++) ideal += discount(rank);
  const gained = ranks.reduce((sum, rank) => sum + discount(rank), 0);
  return { hr: 1, mrr: 1 / first, ndcg: gained / ideal };
}

/** Ranks from 1, ascending; among equals what is not relevant comes first. */
function ranksOf(scores: ArrayLike<number>, relevant: readonly number[]): number[] {
  const wanted = new Set(relevant);
  const own = relevant.map((index) => scores[index] ?? Number.NaN).sort((a, b) => b - a);
  return own.map((score, before) => {
    let rank = 1 + before;
    for (let index = 0; index < scores.length; index++) {
      // What is not below counts as above, so that NaN counts against us.
      if (!wanted.has(index) && !((scores[index] ?? Number.NaN) < score)) rank++;
    }
    return rank;
  });
}
