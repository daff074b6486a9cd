// One evaluation on the next-item task: learn, rank, print, report.
import { renderNextItemReport } from "../../../models/evaluate/report/next-item-report.ts";
import type { EncoderName } from "../../../models/next-item/config.ts";
import { completeRankingConfig, shareFor } from "../../../models/ranking/config.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import { readSettings } from "../settings-file.ts";
import { listBaselines } from "./baselines.ts";
import type { Contender } from "./contender.ts";
import { listEncoders } from "./encoders.ts";
import { createPipelineContender } from "./pipeline.ts";
import { printSlices, printTable, toJson } from "./print.ts";
import { splitByOrder, splitByTestFile } from "./split.ts";
import type { Split } from "./split.ts";
import { writeReportFile } from "./report-file.ts";
import { rankSummaries, runTournament } from "./tournament.ts";
import type { Outcome } from "./tournament.ts";

export type EvaluateOptions = {
  train: string;
  test?: string;
  validate: boolean;
  source?: string;
  map?: string;
  /** false for `--no-encoder`. */
  encoder: EncoderName[] | false;
  config?: string;
  seed: number;
  threads: number;
  json: boolean;
  report: string;
};

/** Gives the exit code. */
export async function evaluateNextItem(options: EvaluateOptions): Promise<number> {
  const split = await readSplit(options);
  const { sessions, items } = split.data;
  console.error(
    `Learning from ${sessions.length} sessions over ${items} items, judged by ${split.examples.length} examples.`,
  );
  const outcome = await runTournament(listContenders(options, split), split, options.seed);
  console.log(printTable(outcome));
  console.log(`\n${printSlices(outcome)}`);
  writeReport(options, split, outcome);
  if (options.json) console.log(toJson(outcome));
  return 0;
}

function readSplit({ train, test, validate, source, map }: EvaluateOptions): Promise<Split> {
  if (validate === (test !== undefined)) {
    throw new Error(
      "Say either --test <file> or --validate, which judges by the last tenth of train.",
    );
  }
  return test === undefined
    ? splitByOrder(train, { source, map })
    : splitByTestFile(train, test, { source, map });
}

/** Entrants in the order in which they are fitted: one that combines others comes after them. */
function listContenders(
  { encoder, config, seed, threads }: EvaluateOptions,
  { clicks }: Split,
): Contender[] {
  const settings = { ...readSettings(config), seed };
  const runtime = createNodeRuntime({ threads });
  if (!encoder) return listBaselines();
  const chosen = completeRankingConfig({ seed });
  const share = shareFor(chosen, sum(clicks));
  const ranking = { ...chosen, share };
  return [
    ...listEncoders(encoder, settings, share, runtime),
    createPipelineContender(ranking, runtime),
    ...listBaselines(),
  ];
}

function sum(counts: Int32Array): number {
  return counts.reduce((total, count) => total + count, 0);
}

function writeReport(options: EvaluateOptions, { data, examples }: Split, outcome: Outcome): void {
  const unknown = examples.filter((example) => example.target < 0).length;
  const html = renderNextItemReport({
    title: "Next-item evaluation",
    facts: [
      ["train", `${options.train} (${data.sessions.length} sessions, ${data.items} items)`],
      [
        "judged by",
        `${options.test ?? "the last tenth of train"} (${examples.length} examples, ${unknown} of them ask for an item that train does not have)`,
      ],
      ["seed", String(options.seed)],
      ["time", new Date().toISOString()],
    ],
    ...outcome,
    summaries: rankSummaries(outcome.summaries),
  });
  writeReportFile(options.report, html);
}
