// Folds of lists, grouped by session: a session's lists share its future, so none may be learned from while another
// is judged.
import { stratifiedFolds } from "../../../../models/evaluate/folds.ts";
import { Random } from "../../../../models/graph/random.ts";
import { TASKS } from "../../../../models/ranking/config.ts";
import type { RankingConfig, RankingTask } from "../../../../models/ranking/config.ts";
import { LIST_STREAM } from "../../../../models/ranking/streams.ts";
import { labelsOf, shortenList } from "../../../../models/ranking/train/training-set.ts";
import type { RankedList, TrainingSet } from "../../../../models/ranking/train/training-set.ts";

export type ListFold = {
  /** As the ranker learns from it: shortened lists, and whole ones of the latest sessions that decide when to stop. */
  learn: TrainingSet;
  /** Whole lists of all sessions that are not judged here. */
  known: RankedList[];
  judged: RankedList[];
};

/** The questions that every fold can be asked: at least as many judged sessions as folds have a positive. */
export function askableTasks(lists: readonly RankedList[], folds: number): RankingTask[] {
  return TASKS.filter((task) => sessionsWith(lists, task).size >= folds);
}

/** Sessions with purchases, those with carts only, and the others are dealt out evenly. */
export function foldLists(set: TrainingSet, k: number, config: RankingConfig): ListFold[] {
  const sessions = [...new Set(set.held.map(({ group }) => group))].toSorted((a, b) => a - b);
  const bought = sessionsWith(set.held, "purchase");
  const carted = sessionsWith(set.held, "cart");
  const grades = sessions.map((session) => (bought.has(session) ? 2 : Number(carted.has(session))));
  const short = set.held.flatMap((list, index) => {
    const random = new Random(config.seed, LIST_STREAM.candidates, index);
    return list.clicked < 0 ? [] : [shortenList(list, config.listLength, random)];
  });
  return stratifiedFolds(grades, k, config.seed).map(({ train, test }) => {
    const judged = new Set(test.map((index) => sessions[index]));
    const cut = Math.floor(train.length * (1 - config.validation));
    // The latest of the others, as in every training of a ranker.
    const watchFrom = sessions[train[cut] ?? Infinity] ?? Infinity;
    const known = set.held.filter(({ group }) => !judged.has(group));
    const learned = [...set.train, ...short].filter(
      ({ group }) => group < watchFrom && !judged.has(group),
    );
    const watched = known.filter(({ group }) => group >= watchFrom);
    return {
      learn: { ...set, train: learned, held: watched },
      known,
      judged: set.held.filter(({ group }) => judged.has(group)),
    };
  });
}

function sessionsWith(lists: readonly RankedList[], task: RankingTask): Set<number> {
  const positive = lists.filter((list) => labelsOf(list, task).includes(1));
  return new Set(positive.map(({ group }) => group));
}
