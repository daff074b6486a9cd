// What a replay counts, by list and by kind of question, and the report made of it.
import { Latencies } from "./latencies.ts";

/** A hit is a target among the first 20. */
export const CUT = 20;

/** The simple lists that the Worker is measured against; the first two know nothing of the shopper's own items. */
export const YARDSTICKS = [
  "popularity",
  "co_visitation",
  "recently_viewed",
  "recently_viewed_co_visitation",
] as const;
export type YardstickName = (typeof YARDSTICKS)[number];
export type ListName = YardstickName | "recommendations";
const LISTS: readonly ListName[] = ["recommendations", ...YARDSTICKS];

/** Kinds of questions. Items of the session so far: the view that begins one has none. */
const LENGTHS = [0, 1, 2, 5, 10, 20, 50] as const;
type LengthSlice = `session_of_${(typeof LENGTHS)[number]}_or_more`;
export type SliceName =
  | "all"
  /** The answer is an item that the shopper has touched before, or one that is new to the shopper. */
  | "revisit"
  | "discovery"
  | "item_younger_than_a_day"
  | "first_question"
  | LengthSlice;

export function lengthSlice(length: number): LengthSlice {
  const edge = LENGTHS.findLast((each) => each <= length) ?? 0;
  return `session_of_${edge}_or_more`;
}

const SLICES: readonly SliceName[] = [
  "all",
  "revisit",
  "discovery",
  "item_younger_than_a_day",
  "first_question",
  ...LENGTHS.map(lengthSlice),
];

/** `squares`: of the reciprocal ranks, for the interval. */
export type Sums = { hits: number; reciprocal: number; squares: number };

/** Half the width of a 95% interval in standard errors. */
const Z95 = 1.96;

export type SliceSums = { asked: number } & Record<ListName, Sums>;

export type Tally = {
  sent: number;
  accepted: number;
  duplicates: number;
  /** By code. */
  rejected: Record<string, number>;
  /** Answers that had to do without something (the model, the shopper's memory ...), by what it was. */
  degraded: Record<string, number>;
  /** Sums over the questions of a kind: hits within the cut, and reciprocal ranks within it. */
  slices: Record<string, SliceSums>;
  latencies: { events: Latencies; recommendations: Latencies };
};

export type SavedTally = Omit<Tally, "latencies"> & {
  latencies: { events: [number, number][]; recommendations: [number, number][] };
};

function emptySlice(): SliceSums {
  const none = (): Sums => ({ hits: 0, reciprocal: 0, squares: 0 });
  return {
    asked: 0,
    recommendations: none(),
    popularity: none(),
    co_visitation: none(),
    recently_viewed: none(),
    recently_viewed_co_visitation: none(),
  };
}

export function restoreTally(saved?: SavedTally): Tally {
  return {
    sent: 0,
    accepted: 0,
    duplicates: 0,
    rejected: {},
    degraded: {},
    slices: {},
    ...saved,
    latencies: {
      events: new Latencies(saved?.latencies.events),
      recommendations: new Latencies(saved?.latencies.recommendations),
    },
  };
}

/** `ranks` from 1; anything beyond the cut counts nothing. */
export function countQuestion(
  tally: Tally,
  slices: readonly SliceName[],
  ranks: Record<ListName, number>,
): void {
  for (const name of slices) {
    const sums = (tally.slices[name] ??= emptySlice());
    sums.asked += 1;
    for (const list of LISTS) countRank(sums[list], ranks[list]);
  }
}

function countRank(into: Sums, rank: number): void {
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
    asked,
    "hr@20": percent(hits),
    "mrr@20": percent(reciprocal),
    "hr@20_ci95": half(hits, hits),
    "mrr@20_ci95": half(reciprocal, squares),
  };
}

export type Quality = ReturnType<typeof toQuality>;

function toLists(sums: SliceSums) {
  const of = (list: ListName): Quality => toQuality(sums[list], sums.asked);
  return {
    recommendations: of("recommendations"),
    popularity: of("popularity"),
    co_visitation: of("co_visitation"),
    recently_viewed: of("recently_viewed"),
    recently_viewed_co_visitation: of("recently_viewed_co_visitation"),
  };
}

export function toPercentiles(latencies: Latencies) {
  const at = (share: number): number | null => {
    const value = latencies.quantile(share);
    return value === null ? null : round(value, 1);
  };
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}

/**
 * The JSON object that ends a replay. Latency over all requests, in ms; hit rate and MRR in percent of the questions:
 * of all by list, of the Worker's own lists where the answer was new to the shopper and where not, and all by slice.
 */
export function toReport(tally: Tally) {
  const { sent, accepted, duplicates, rejected, latencies } = tally;
  const sliceOf = (name: SliceName) => tally.slices[name] ?? emptySlice();
  const ownOf = (name: SliceName) => toLists(sliceOf(name)).recommendations;
  const kept = SLICES.filter((name) => sliceOf(name).asked > 0);
  return {
    sent,
    accepted,
    duplicates,
    rejected: Object.values(rejected).reduce((sum, count) => sum + count, 0),
    latency_ms: toPercentiles(Latencies.merge(latencies.events, latencies.recommendations)),
    ...toLists(sliceOf("all")),
    discovery: ownOf("discovery"),
    revisit: ownOf("revisit"),
    slices: Object.fromEntries(kept.map((name) => [name, toLists(sliceOf(name))])),
  };
}
