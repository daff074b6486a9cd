// The gate: whether a challenger may replace the champion. Pure; every reason is told.
import type { Comparison } from "../../models/evaluate/compare.ts";
import type { Summary } from "../../models/evaluate/summary.ts";
import { MAX_MODEL_BYTES } from "../../models/registry/verify.ts";

/** Points of HR@20 that may be lost at most, with 97.5% certainty: a list that only sorts better shows fewer finds. */
const HITS_LOST = 1;
/** Fewer examples decide nothing. */
const MIN_EXAMPLES = 200;
/** One answer natively, ms. The models are some third of it and take about three times as long in the Worker's WASM. */
const MAX_MS = 20;
/** Of the champion's coverage that must remain. */
const COVERAGE_KEPT = 0.7;
/** Of the champion's hit rate that must remain in every slice of this many examples at least. */
const SLICE_KEPT = 0.9;
const SLICE_EXAMPLES = 100;

export type Evidence = {
  examples: number;
  challenger: Summary;
  /** The pair that serves, or what answers without models where none does. */
  champion: Summary;
  /** Challenger minus champion, MRR@20 on the same examples. */
  comparison: Comparison;
  /** The same for HR@20. */
  hitRate: Comparison;
  /** Why the challenger's files would be refused, or null. */
  schemaError: string | null;
  /** Of all the challenger's files. */
  bytes: number;
  /** From the question to the list, one at a time; see `Rehearsal`. */
  ms: number;
};

export type Check = { name: string; passed: boolean; detail: string };
export type Decision = { publish: boolean; checks: Check[] };

export function decide(evidence: Evidence): Decision {
  const { examples, challenger, champion, comparison, hitRate, schemaError, bytes, ms } = evidence;
  const coverage = [challenger, champion].map((one) => one.exposure.coverage);
  const [mine = 0, theirs = 0] = coverage;
  const checks = [
    check("examples", examples >= MIN_EXAMPLES, `${examples} of at least ${MIN_EXAMPLES}`),
    check(
      "better",
      comparison.interval.low > 0,
      `MRR@20 ${tell(comparison)}, against ${champion.name}`,
    ),
    check(
      "hit rate",
      hitRate.interval.low > -HITS_LOST,
      `HR@20 ${tell(hitRate)}; the lower end must be above ${-HITS_LOST}`,
    ),
    check("schema", schemaError === null, schemaError ?? "features, shapes and hashes are right"),
    check("size", bytes <= MAX_MODEL_BYTES, `${bytes} of at most ${MAX_MODEL_BYTES} bytes`),
    check("latency", ms <= MAX_MS, `${ms.toFixed(2)} of at most ${MAX_MS} ms`),
    check(
      "coverage",
      mine >= COVERAGE_KEPT * theirs,
      `${mine.toFixed(1)}% of the items, ${champion.name} ${theirs.toFixed(1)}%`,
    ),
    checkSlices(challenger, champion),
  ];
  return { publish: checks.every(({ passed }) => passed), checks };
}

function checkSlices(challenger: Summary, champion: Summary): Check {
  const collapsed = challenger.slices.hr.filter(({ label, examples, value }) => {
    const before = champion.slices.hr.find((slice) => slice.label === label)?.value ?? 0;
    return examples >= SLICE_EXAMPLES && value < SLICE_KEPT * before;
  });
  const told = collapsed.map(({ label, value }) => `${label}: HR@20 ${value.toFixed(1)}%`);
  return check("slices", told.length === 0, told.join("; ") || "none fell behind");
}

function check(name: string, passed: boolean, detail: string): Check {
  return { name, passed, detail };
}

function tell({ difference, interval: { low, high } }: Comparison): string {
  return `${signed(difference)} points, 95% interval ${signed(low)} to ${signed(high)}`;
}

function signed(value: number): string {
  return `${value < 0 ? "" : "+"}${value.toFixed(2)}`;
}
