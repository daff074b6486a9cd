// One evaluation of intent: learn from the first three quarters of the sessions, be judged by the rest; and over folds
// of shoppers. The reference models learn from the same rows.
import { completeIntentConfig } from "../../../models/intent/config.ts";
import { replayIntent } from "../../../models/intent/train/replay-intent.ts";
import type { IntentRow } from "../../../models/intent/train/rows.ts";
import { renderBinaryReport } from "../../../models/evaluate/report/binary-report.ts";
import type { BinaryQuestion } from "../../../models/evaluate/report/binary-report.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import { alignTable } from "../align-table.ts";
import { readSettings } from "../settings-file.ts";
import { loadRows } from "../train/load-intent.ts";
import type { LoadOptions } from "../train/load-data.ts";
import { listIntentContenders } from "./intent/contenders.ts";
import { judgeIntent } from "./intent/judge.ts";
import type { IntentQuestion, JudgedIntent } from "./intent/judge.ts";
import { readOnlineShoppers } from "./intent/online-shoppers.ts";
import { writeReportFile } from "./report-file.ts";

export const ONLINE_SHOPPERS = "online-shoppers";

export type IntentEvaluation = LoadOptions & {
  data: string;
  config?: string;
  folds: number;
  seed: number;
  threads: number;
  json: boolean;
  report: string;
};

type Trial = { title: string; suffix: string; learn: IntentRow[]; judge: IntentRow[] };

/** Of the sessions, by their start, that are learned from. */
const LEARNED = 0.75;

/** Gives the exit code. */
export async function evaluateIntent(options: IntentEvaluation): Promise<number> {
  const config = completeIntentConfig({
    ...readSettings(options.config),
    seed: options.seed,
  });
  const runtime = createNodeRuntime({ threads: options.threads });
  const trials =
    options.source === ONLINE_SHOPPERS ? await tableTrials(options.data) : await logTrials(options);
  const outcomes: { trial: Trial; judged: JudgedIntent[] }[] = [];
  for (const trial of trials) {
    const question: IntentQuestion = { ...trial, folds: options.folds, seed: options.seed };
    const judged: JudgedIntent[] = [];
    for (const contender of listIntentContenders(config, runtime))
      judged.push(await judgeIntent(contender, question));
    outcomes.push({ trial, judged });
    const { learn, judge, title } = trial;
    console.log(`${title}: ${learn.length} rows to learn from, ${judge.length} to judge by.`);
    console.log(`${alignTable(tableOf(judged))}\n`);
  }
  const html = renderBinaryReport({
    title: "Intent evaluation",
    facts: [
      ["data", options.data],
      ["folds", `${options.folds} by shopper`],
      ["seed", String(options.seed)],
      ["time", new Date().toISOString()],
    ],
    questions: outcomes.map(({ trial, judged }) => describe(trial, judged)),
  });
  writeReportFile(options.report, html);
  const results = outcomes.flatMap(({ trial, judged }) =>
    judged.map((one) => toJson(one, trial.suffix)),
  );
  if (options.json) console.log(JSON.stringify({ results }));
  return 0;
}

async function tableTrials(path: string): Promise<Trial[]> {
  const plain = await readOnlineShoppers(path, false);
  const all = await readOnlineShoppers(path, true);
  return [
    { title: "Buys, without PageValues", suffix: "", ...plain },
    { title: "Buys, all columns", suffix: " (all columns)", ...all },
  ];
}

async function logTrials(options: IntentEvaluation): Promise<Trial[]> {
  const first = await replayIntent(await loadRows(options.data, options));
  const starts = first.visits.map(({ started_at }) => started_at).sort((a, b) => a - b);
  const cut = starts[Math.floor(starts.length * LEARNED)] ?? 0;
  const log = await replayIntent(await loadRows(options.data, options), cut);
  const learn = log.rows(0, cut);
  return [
    { title: "Buys later in this session", suffix: "", learn, judge: log.rows(cut, log.until) },
  ];
}

const HEAD = ["model", "AUC", "first add", "AP", "ECE", "log loss", "AUC by shopper"];

function tableOf(judged: readonly JudgedIntent[]): string[][] {
  const rows = judged.map(({ name, ahead, firstAddAuc, folds }) => {
    const { auc, averagePrecision, ece, logLoss } = ahead.pooled;
    const figures = [auc, firstAddAuc, averagePrecision, ece, logLoss];
    const spread = folds && `${folds.auc.mean.toFixed(4)} ±${folds.auc.deviation.toFixed(4)}`;
    return [name, ...figures.map((x) => (Number.isNaN(x) ? "-" : x.toFixed(4))), spread ?? "-"];
  });
  return [HEAD, ...rows];
}

function describe({ title, judge }: Trial, judged: readonly JudgedIntent[]): BinaryQuestion {
  const [head = [], ...rows] = tableOf(judged);
  return {
    title,
    note: `${judge.length} rows, split by time.`,
    table: { head, rows, highlight: 0 },
    models: judged.map(({ name, ahead }) => ({ name, validation: ahead })),
  };
}

function toJson({ name, ahead, firstAddAuc, folds }: JudgedIntent, suffix: string) {
  const { auc, averagePrecision, ece, logLoss, baseRate, examples } = ahead.pooled;
  const first = Number.isNaN(firstAddAuc) ? {} : { auc_first_add_to_cart: round(firstAddAuc) };
  const byShopper = folds && { auc_by_shopper: round(folds.auc.mean) };
  return {
    model: `${name}${suffix}`,
    auc: round(auc),
    ...first,
    ap: round(averagePrecision),
    ece: round(ece),
    log_loss: round(logLoss),
    base_rate: round(baseRate),
    examples,
    ...byShopper,
  };
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
