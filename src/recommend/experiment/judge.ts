// From what shoppers did under an experiment to what may be concluded. Pure.
import type { Experiment, Metric } from "./contract.ts";
import { METRICS } from "./contract.ts";
import { compareMeans, coverMean, testShares } from "./sequential.ts";
import type { Difference, Sample } from "./sequential.ts";

/** Chance of any false alarm over all looks and all variants. */
const ALPHA = 0.05;
/** Below this the shares of shoppers are not those that were planned: the results are then worth nothing. */
const RATIO_ALARM = 0.001;

/** What is known of the shoppers of one variant. */
export type VariantSample = { variant: string; shoppers: number } & Record<Metric, Sample>;

export type SplitResult = {
  kind: "split";
  variants: {
    variant: string;
    shoppers: number;
    means: Record<Metric, number>;
    /** Against the first variant; null for itself, and where it is too early. */
    differences: Record<Metric, Difference | null>;
  }[];
  sample_ratio: { p: number; mismatch: boolean };
  verdict: Conclusion;
};

export type Conclusion =
  | "too_early"
  | "no_difference_yet"
  | "better"
  | "worse"
  | "sample_ratio_mismatch";

export function judgeSplit(experiment: Experiment, samples: readonly VariantSample[]): SplitResult {
  const { variants, metric, planned_shoppers } = experiment;
  const found = variants.map(
    ({ name }) => samples.find(({ variant }) => variant === name) ?? empty(name),
  );
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  const p = testShares(
    found.map(({ shoppers }) => shoppers),
    variants.map(({ weight }) => weight / total),
  );
  // Bonferroni over the variants that are held to the first.
  const alpha = ALPHA / (variants.length - 1);
  const [control] = found;
  const judged = found.map((sample) => ({
    variant: sample.variant,
    shoppers: sample.shoppers,
    means: eachMetric((name) => (sample.shoppers === 0 ? 0 : sample[name].sum / sample.shoppers)),
    differences: eachMetric((name) =>
      control === undefined || sample === control
        ? null
        : compareMeans(control[name], sample[name], alpha, planned_shoppers),
    ),
  }));
  const differences = judged.slice(1).map((each) => each.differences[metric]);
  return {
    kind: "split",
    variants: judged,
    sample_ratio: { p, mismatch: p < RATIO_ALARM },
    verdict: p < RATIO_ALARM ? "sample_ratio_mismatch" : decide(differences),
  };
}

/** `better`: at least one variant beats the first. */
function decide(differences: readonly (Difference | null)[]): Conclusion {
  const known = differences.filter((each) => each !== null);
  if (known.some(({ low }) => low > 0)) return "better";
  if (known.length > 0 && known.every(({ high }) => high < 0)) return "worse";
  return known.length === 0 ? "too_early" : "no_difference_yet";
}

/** Shoppers whose clicks (or purchases, or money) went more to one ranking than to the other. */
export type Wins = { shoppers: number; control: number; other: number };

export type InterleavingResult = {
  kind: "interleaving";
  /** All who saw a list, and those who preferred either. */
  shoppers: number;
  wins: { control: number; other: number };
  /** Mean preference of those with one, -1 (control) .. 1 (other), with a confidence sequence. */
  preference: Difference | null;
  /** Always-valid p-value of "each wins as often as the other". */
  p: number;
  verdict: Conclusion;
};

export function judgeInterleaving(
  { planned_shoppers }: Experiment,
  wins: Wins,
): InterleavingResult {
  const { shoppers, control, other } = wins;
  const n = control + other;
  const cover = coverMean({ n, sum: other - control, squares: n }, ALPHA, planned_shoppers);
  const p = testShares([control, other], [0.5, 0.5]);
  const mean = n === 0 ? 0 : (other - control) / n;
  const verdict =
    n === 0 ? "too_early" : p >= ALPHA ? "no_difference_yet" : mean > 0 ? "better" : "worse";
  const preference =
    cover === null
      ? null
      : { ...cover, low: Math.max(-1, cover.low), high: Math.min(1, cover.high) };
  return { kind: "interleaving", shoppers, wins: { control, other }, preference, p, verdict };
}

function empty(variant: string): VariantSample {
  return { variant, shoppers: 0, ...eachMetric(() => ({ n: 0, sum: 0, squares: 0 })) };
}

function eachMetric<T>(make: (metric: Metric) => T): Record<Metric, T> {
  const [click, conversion, revenue] = METRICS;
  return { [click]: make(click), [conversion]: make(conversion), [revenue]: make(revenue) };
}
