// The outcome of an evaluation of ranking as text for people and as one JSON line for programs.
import type { Spread } from "../../../../models/evaluate/binary/spread.ts";
import { alignTable } from "../../align-table.ts";
import { FIGURES, formatSpread } from "./figures.ts";
import type { Judged, RankingOutcome, TaskOutcome } from "./tournament.ts";

/** Mean ± standard deviation over the folds. */
export function printTask({ task, judged }: TaskOutcome): string {
  const { examples, baseRate } = judged[0]?.binary.pooled ?? { examples: 0, baseRate: 0 };
  const share = `${(100 * baseRate).toFixed(3)}% of ${examples} candidates`;
  const head = [`${task} (${share})`, ...FIGURES.map(({ label }) => label)];
  return alignTable([head, ...judged.map(describe)]);
}

function describe(judged: Judged): string[] {
  return [judged.name, ...FIGURES.map((figure) => formatSpread(figure, judged))];
}

/** Facts that the figures hang on. */
export type RankingFacts = { folds: number; lists: number; sessions: number; recall: number };

/** AUC, losses and errors as they are, MRR and NDCG in percent; `_sd` is the standard deviation over the folds. */
export function rankingToJson(outcome: RankingOutcome, facts: RankingFacts): string {
  const results = outcome.tasks.flatMap(({ task, judged }) =>
    judged.map((one) => ({
      model: one.name,
      task,
      examples: one.binary.pooled.examples,
      base_rate: roundFine(one.binary.pooled.baseRate),
      ...Object.fromEntries(FIGURES.flatMap(({ name, read }) => writeSpread(name, read(one)))),
      train_s: roundFine(outcome.trainSeconds.get(one.name) ?? 0),
    })),
  );
  const { recall, ...counts } = facts;
  return JSON.stringify({ ...counts, "recall@candidates": roundFine(100 * recall), results });
}

function writeSpread(name: string, spread: Spread | null): [string, number][] {
  if (spread === null) return [];
  return [
    [name, roundFine(spread.mean)],
    [`${name}_sd`, roundFine(spread.deviation)],
  ];
}

/** Six significant digits: a Brier score of rare events begins behind three zeros. */
function roundFine(value: number): number {
  return Number(value.toPrecision(6));
}
