// Ranking metrics of one relevant item: hit rate, mean reciprocal rank, NDCG (Järvelin & Kekäläinen, TOIS 2002),
// each cut off at k.

export type MetricKind = "hr" | "mrr" | "ndcg";

/** `name` is as the field writes it: "hr@20". */
export type Metric = { name: string; kind: MetricKind; cutoff: number };

const CUTOFFS = [5, 10, 20] as const;

export const METRICS: readonly Metric[] = (["hr", "mrr", "ndcg"] as const).flatMap((kind) =>
  CUTOFFS.map((cutoff) => ({ name: `${kind}@${cutoff}`, kind, cutoff })),
);

const GAINS = {
  hr: () => 1,
  mrr: (rank: number) => 1 / rank,
  // One relevant item: the ideal DCG is 1.
  ndcg: (rank: number) => 1 / Math.log2(rank + 1),
};

/** What each example contributes to a metric's mean, 0..1; shape [examples]. */
export function gainsOf(ranks: Float64Array, kind: MetricKind, cutoff: number): Float64Array {
  const gain = GAINS[kind];
  return ranks.map((rank) => (rank <= cutoff ? gain(rank) : 0));
}

/** In percent. NaN where there is nothing to average. */
export function meanPercent(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return (100 * sum) / values.length;
}
