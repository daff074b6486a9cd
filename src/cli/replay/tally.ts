// What a replay counts, and the report made of it.
import { Latencies } from "./latencies.ts";

/** A hit is a target among the first 20. */
export const CUT = 20;

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
  model: { hits: number; reciprocal: number };
  popularity: { hits: number; reciprocal: number };
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
    model: { hits: 0, reciprocal: 0 },
    popularity: { hits: 0, reciprocal: 0 },
    ...saved,
    latencies: {
      events: new Latencies(saved?.latencies.events),
      recommendations: new Latencies(saved?.latencies.recommendations),
    },
  };
}

/** `rank` from 1; anything beyond the cut counts nothing. */
export function countRank(into: { hits: number; reciprocal: number }, rank: number): void {
  if (rank > CUT) return;
  into.hits += 1;
  into.reciprocal += 1 / rank;
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

function toQuality({ hits, reciprocal }: Tally["model"], asked: number) {
  const percent = (sum: number): number => (asked === 0 ? 0 : round((100 * sum) / asked, 2));
  return { "hr@20": percent(hits), "mrr@20": percent(reciprocal) };
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
  const { sent, accepted, duplicates, rejected, asked, model, popularity, latencies } = tally;
  return {
    sent,
    accepted,
    duplicates,
    rejected: Object.values(rejected).reduce((sum, count) => sum + count, 0),
    latency_ms: toPercentiles(Latencies.merge(latencies.events, latencies.recommendations)),
    recommendations: { asked, ...toQuality(model, asked) },
    popularity: toQuality(popularity, asked),
  };
}
