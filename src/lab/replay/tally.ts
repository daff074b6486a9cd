// What a replay counts, and the report made of it.
import { Latencies } from "./latencies.ts";

/** A hit is a target among the first 20. */
export const CUT = 20;

/** `squares`: of the reciprocal ranks, for the interval. */
export type Sums = { hits: number; reciprocal: number; squares: number };

const NONE: Sums = { hits: 0, reciprocal: 0, squares: 0 };

/** Half the width of a 95% interval in standard errors. */
const Z95 = 1.96;

export type Tally = {
  sent: number;
  accepted: number;
  duplicates: number;
  /** By code. */
  rejected: Record<string, number>;
  asked: number;
  /** Answers that had to do without something (the model, the shopper's memory ...), by what it was. */
  degraded: Record<string, number>;
  /** Sums over all asks: hits within the cut, and reciprocal ranks within it. */
  model: Sums;
  popularity: Sums;
  /** Of the shopper's last item. */
  coVisitation: Sums;
  latencies: { events: Latencies; recommendations: Latencies };
};

export type SavedTally = Omit<Tally, "latencies"> & {
  latencies: { events: [number, number][]; recommendations: [number, number][] };
};

export function restoreTally(saved?: SavedTally): Tally {
  return {
    sent: 0,
    accepted: 0,
    duplicates: 0,
    rejected: {},
    asked: 0,
    degraded: {},
    model: { ...NONE },
    popularity: { ...NONE },
    coVisitation: { ...NONE },
    ...saved,
    latencies: {
      events: new Latencies(saved?.latencies.events),
      recommendations: new Latencies(saved?.latencies.recommendations),
    },
  };
}

/** `rank` from 1; anything beyond the cut counts nothing. */
export function countRank(into: Sums, rank: number): void {
  if (rank > CUT) return;
  into.hits += 1;
  into.reciprocal += 1 / rank;
  into.squares += 1 / rank ** 2;
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** `ci95`: half the 95% interval, each question taken as a draw of its own. A hit is its own square. */
function toQuality({ hits, reciprocal, squares }: Sums, asked: number) {
  const percent = (sum: number): number => (asked === 0 ? 0 : round((100 * sum) / asked, 2));
  const half = (sum: number, square: number): number => {
    if (asked === 0) return 0;
    const variance = Math.max(0, square / asked - (sum / asked) ** 2);
    return round(100 * Z95 * Math.sqrt(variance / asked), 2);
  };
  return {
    "hr@20": percent(hits),
    "mrr@20": percent(reciprocal),
    "hr@20_ci95": half(hits, hits),
    "mrr@20_ci95": half(reciprocal, squares),
  };
}

export function toPercentiles(latencies: Latencies) {
  const at = (share: number): number | null => {
    const value = latencies.quantile(share);
    return value === null ? null : round(value, 1);
  };
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}

/** The JSON object that ends a replay. Latency over all requests, in ms; hit rate and MRR in percent of the asks. */
export function toReport(tally: Tally) {
  const { sent, accepted, duplicates, rejected, asked, latencies } = tally;
  return {
    sent,
    accepted,
    duplicates,
    rejected: Object.values(rejected).reduce((sum, count) => sum + count, 0),
    latency_ms: toPercentiles(Latencies.merge(latencies.events, latencies.recommendations)),
    recommendations: { asked, ...toQuality(tally.model, asked) },
    popularity: toQuality(tally.popularity, asked),
    co_visitation: toQuality(tally.coVisitation, asked),
  };
}
