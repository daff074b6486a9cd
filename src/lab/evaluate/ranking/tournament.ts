// Fits every contender on every fold, and judges what it says of the lists that it never saw.
import { judgeFolds } from "../../../../models/evaluate/binary/cross-validate.ts";
import type {
  CrossValidation,
  FoldAnswers,
} from "../../../../models/evaluate/binary/cross-validate.ts";
import { concatenate } from "../../../../models/evaluate/binary/concatenate.ts";
import { gainsOfList } from "../../../../models/evaluate/list-metrics.ts";
import { describeSpread } from "../../../../models/evaluate/binary/spread.ts";
import type { Spread } from "../../../../models/evaluate/binary/spread.ts";
import type { RankingTask } from "../../../../models/ranking/config.ts";
import { labelsOf } from "../../../../models/ranking/train/training-set.ts";
import type { RankedList } from "../../../../models/ranking/train/training-set.ts";
import { startBar } from "../../progress-bar.ts";
import type { Bar } from "../../progress-bar.ts";
import type { ListAnswer, ListContender } from "./contenders.ts";
import type { ListFold } from "./folds.ts";

/** In percent, over the lists of each fold. */
export type ListQuality = Record<"mrr@20" | "ndcg@20", Spread>;

export type Judged = {
  name: string;
  binary: CrossValidation;
  /** Null for what puts nothing in order. */
  lists: ListQuality | null;
};

export type TaskOutcome = { task: RankingTask; judged: Judged[] };

export type RankingOutcome = {
  tasks: TaskOutcome[];
  /** Of all folds together, by name. */
  trainSeconds: Map<string, number>;
  /** The ranker's loss by epoch, for each fold. */
  losses: (readonly number[])[];
};

const CUTOFF = 20;

export async function runRankingTournament(
  contenders: readonly ListContender[],
  folds: readonly ListFold[],
  tasks: readonly RankingTask[],
): Promise<RankingOutcome> {
  const answers = new Map<string, ListAnswer[][]>(contenders.map(({ name }) => [name, []]));
  const trainSeconds = new Map<string, number>();
  const losses: (readonly number[])[] = [];
  for (const [index, { judged, ...others }] of folds.entries()) {
    for (const contender of contenders) {
      const { name } = contender;
      const shown = showFold(`fold ${index + 1} of ${folds.length}, ${name}`);
      const started = performance.now();
      const fitted = await contender.fit(others, tasks, shown.onStep).finally(shown.stop);
      const seconds = (performance.now() - started) / 1000;
      trainSeconds.set(name, (trainSeconds.get(name) ?? 0) + seconds);
      if (fitted.losses) losses.push(fitted.losses);
      const said: ListAnswer[] = [];
      for (const list of judged) said.push(await fitted.answer(list));
      answers.get(name)?.push(said);
      await fitted.release?.();
    }
  }
  const outcomes = tasks.map((task) => ({
    task,
    judged: contenders.map(({ name, orders }): Judged => {
      const said = answers.get(name) ?? [];
      const parts = folds.map(({ judged }, fold) => pairUp(judged, said[fold] ?? [], task));
      return {
        name,
        binary: judgeFolds(parts.map(flatten)),
        lists: orders ? judgeLists(parts, task) : null,
      };
    }),
  }));
  return { tasks: outcomes, trainSeconds, losses };
}

/** A bar for what learns in steps. */
function showFold(label: string): {
  onStep: (step: number, steps: number) => void;
  stop: () => void;
} {
  let bar: Bar | null = null;
  return {
    onStep(step, steps) {
      bar ??= startBar(label, steps);
      bar.update(step);
    },
    stop: () => bar?.stop(),
  };
}

/** One list: what came true, and what was said before. */
type Told = { labels: Uint8Array; said: ArrayLike<number> };

function pairUp(
  lists: readonly RankedList[],
  answers: readonly ListAnswer[],
  task: RankingTask,
): Told[] {
  return lists.map((list, index) => {
    const said = answers[index]?.[task];
    if (said === undefined) throw new Error(`nothing was said about ${task} of list ${index}`);
    return { labels: labelsOf(list, task), said };
  });
}

function flatten(told: readonly Told[]): FoldAnswers {
  return {
    labels: concatenate(told.map(({ labels }) => labels)),
    probabilities: concatenate(told.map(({ said }) => said)),
  };
}

/**
 * A click that retrieval missed counts as missed. Most lists lead to no cart: of those questions only lists are judged
 * that hold what was carted or bought.
 */
function judgeLists(folds: readonly (readonly Told[])[], task: RankingTask): ListQuality {
  const gains = folds.map((told) =>
    told
      .map(({ labels, said }) => {
        const relevant = Array.from(labels.keys()).filter((index) => labels[index] === 1);
        return { relevant, said };
      })
      .filter(({ relevant }) => task === "click" || relevant.length > 0)
      .map(({ relevant, said }) => gainsOfList(said, relevant, CUTOFF)),
  );
  const spreadOf = (metric: "mrr" | "ndcg"): Spread =>
    describeSpread(
      gains.map((fold) => (100 * fold.reduce((sum, one) => sum + one[metric], 0)) / fold.length),
    );
  return { "mrr@20": spreadOf("mrr"), "ndcg@20": spreadOf("ndcg") };
}
