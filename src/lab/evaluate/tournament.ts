// Fits and judges all entrants on one split, and compares the leader with each of the others.
import { comparePaired } from "../../../models/evaluate/compare.ts";
import { judge } from "../../../models/evaluate/judge.ts";
import type { Judgement } from "../../../models/evaluate/judge.ts";
import { gainsOf, meanPercent } from "../../../models/evaluate/metrics.ts";
import type {
  ComparisonRow,
  LearningCurve,
} from "../../../models/evaluate/report/next-item-report.ts";
import { summarise } from "../../../models/evaluate/summary.ts";
import type { Summary } from "../../../models/evaluate/summary.ts";
import { startBar } from "../progress-bar.ts";
import type { Contender, Fitted } from "./contender.ts";
import type { Split } from "./split.ts";

export type Outcome = {
  /** In the order of the entrants. */
  summaries: Summary[];
  trainSeconds: Map<string, number>;
  curves: LearningCurve[];
  comparisons: ComparisonRow[];
};

/** The one metric that decides who leads. */
const DECIDER = "mrr@20";

export async function runTournament(
  contenders: readonly Contender[],
  split: Split,
  seed: number,
): Promise<Outcome> {
  const fitted = new Map<string, Fitted>();
  const judgements: Judgement[] = [];
  try {
    for (const contender of contenders) {
      console.error(`${contender.name}: learning`);
      const entrant = await contender.fit(split.data, fitted);
      fitted.set(contender.name, entrant);
      const bar = startBar(`${contender.name}: ranking`, split.examples.length);
      const judgement = await judge(entrant.scorer, split.examples, (done) =>
        bar.update(done),
      ).finally(() => bar.stop());
      judgements.push({ ...judgement, name: contender.name });
      const [hr, mrr] = (["hr", "mrr"] as const).map((kind) =>
        meanPercent(gainsOf(judgement.ranks, kind, 20)).toFixed(2),
      );
      console.error(`${contender.name}: HR@20 ${hr}, MRR@20 ${mrr}`);
    }
  } finally {
    for (const entrant of fitted.values()) await entrant.release();
  }
  const summaries = judgements.map((judgement) =>
    summarise(judgement, split.examples, split.clicks, seed),
  );
  return {
    summaries,
    trainSeconds: new Map([...fitted].map(([name, { trainSeconds }]) => [name, trainSeconds])),
    curves: [...fitted.values()].flatMap(({ curve }) => curve ?? []),
    comparisons: compareWithLeader(judgements, summaries, split, seed),
  };
}

function compareWithLeader(
  judgements: readonly Judgement[],
  summaries: readonly Summary[],
  { examples }: Split,
  seed: number,
): ComparisonRow[] {
  const leader = rankSummaries(summaries)[0]?.name;
  const first = judgements.find(({ name }) => name === leader);
  if (first === undefined) return [];
  const groups = examples.map((example) => example.group);
  return judgements
    .filter((second) => second !== first)
    .flatMap((second) =>
      (["hr", "mrr"] as const).map((kind) => ({
        first: first.name,
        second: second.name,
        metric: `${kind}@20`,
        comparison: comparePaired(
          gainsOf(first.ranks, kind, 20),
          gainsOf(second.ranks, kind, 20),
          groups,
          { seed },
        ),
      })),
    );
}

/** Best first. */
export function rankSummaries(summaries: readonly Summary[]): Summary[] {
  const decider = (summary: Summary): number => summary.figures.get(DECIDER)?.value ?? 0;
  return summaries.toSorted((a, b) => decider(b) - decider(a));
}
