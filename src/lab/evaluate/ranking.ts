// One evaluation on the ranking task: lists of the last part of a log, cross-validation over their sessions.
import type { EncoderName } from "../../../models/next-item/config.ts";
import { shareFor } from "../../../models/ranking/config.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import { readRankingSettings } from "../settings-file.ts";
import { SourceError } from "../sources/index.ts";
import { loadRanking } from "../train/load-ranking.ts";
import { listRankingContenders } from "./ranking/contenders.ts";
import { askableTasks, foldLists } from "./ranking/folds.ts";
import { chooseJudged, prepareLists } from "./ranking/lists.ts";
import { printTask, rankingToJson } from "./ranking/print.ts";
import { renderRankingReport } from "./ranking/report.ts";
import { runRankingTournament } from "./ranking/tournament.ts";
import { writeReportFile } from "./report-file.ts";

export type RankingEvaluation = {
  train: string;
  source?: string;
  map?: string;
  encoder?: EncoderName;
  config?: string;
  folds: number;
  seed: number;
  threads: number;
  json: boolean;
  report: string;
};

/** Gives the exit code. `--config` may hold `{"encoder": {...}, "ranking": {...}}`, as for training. */
export async function evaluateRanking(options: RankingEvaluation): Promise<number> {
  const settings = readRankingSettings(options);
  const input = await loadRanking(options.train, options);
  const { data } = input;
  const clicks = data.sessions.reduce((sum, { items }) => sum + items.length, 0);
  const ranking = { ...settings.ranking, share: shareFor(settings.ranking, clicks) };
  const targets = chooseJudged(input, ranking, options.folds);
  console.error(`${data.sessions.length} sessions over ${data.items} items.`);

  const runtime = createNodeRuntime({ threads: options.threads });
  const set = await prepareLists(input, { ...settings, ranking }, targets, runtime);
  const tasks = askableTasks(set.held, options.folds);
  if (!tasks.includes("cart") && !tasks.includes("purchase")) {
    throw new SourceError(
      `Carts and purchases are in fewer than ${options.folds} of the sessions that could be judged: take fewer folds or a longer log.`,
    );
  }
  const folds = foldLists(set, options.folds, ranking);
  const contenders = listRankingContenders(set.sources, ranking, runtime);
  const outcome = await runRankingTournament(contenders, folds, tasks);

  const sessions = new Set(set.held.map(({ group }) => group)).size;
  const facts = {
    folds: folds.length,
    lists: set.held.length,
    sessions,
    recall: set.recall,
  };
  for (const task of outcome.tasks) console.log(`${printTask(task)}\n`);
  const recall = `${(100 * set.recall).toFixed(1)}%`;
  console.log(
    `${facts.lists} lists of ${sessions} sessions, ${facts.folds} folds; ${recall} of the next items were among the candidates.`,
  );
  const html = renderRankingReport(outcome, [
    ["log", `${options.train} (${data.sessions.length} sessions, ${data.items} items)`],
    [
      "judged by",
      `${facts.lists} lists of the last ${sessions} sessions, ${facts.folds} folds by session`,
    ],
    ["retrieval", `${recall} of the next items were among the candidates`],
    ["seed", String(options.seed)],
    ["time", new Date().toISOString()],
  ]);
  writeReportFile(options.report, html);
  if (options.json) console.log(rankingToJson(outcome, facts));
  return 0;
}
