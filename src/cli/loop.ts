// `npm run loop`: the proof that the batch loop turns by itself. Replays a log day by day through a local Worker,
// fires the night's crons after each day, retrains, and shows what it was worth beside a Worker that keeps its first pair.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Command, Option } from "commander";
import { ROOT } from "../client/keys.ts";
import { runCommand, wholeNumber } from "./command-line.ts";
import { replayRun, type ReplayedDay } from "../lab/loop/replay-run.ts";
import { readDays } from "../lab/loop/days.ts";
import { chooseShopper } from "../lab/loop/forget.ts";
import { renderLoop, type LoopReport } from "../lab/loop/report.ts";
import { LOG_NAMES, openLog } from "../lab/open-log.ts";
import { readRankingSettings } from "../lab/settings-file.ts";
import { ensureDevVars } from "../client/dev-vars.ts";
import { applyMigrations } from "../lab/worker/local-worker.ts";

type Options = {
  source: string;
  file: string;
  days: number;
  share: number;
  asked: number;
  config?: string;
  seed: number;
  threads: number;
  report: string;
};

const log = (line: string) => console.error(`${new Date().toISOString().slice(11, 19)} ${line}`);

async function run(options: Options): Promise<number> {
  const { source, file, seed, threads, share, asked, report } = options;
  const shop = openLog(source, file);
  const days = await readDays(shop, share, options.days);
  const config = readRankingSettings(options);
  // In the middle, so that nights before it have learned from the shopper and nights behind it must not.
  const middle = Math.floor((days.length - 1) / 2) - 1;
  const shopper = chooseShopper(days.slice(0, middle + 1), days.slice(middle + 1));
  const states = mkdtempSync(join(tmpdir(), "millrace-loop-"));
  const [state, copy] = [join(states, "retrained"), join(states, "kept")];
  const done: { retrained: readonly ReplayedDay[]; frozen: readonly ReplayedDay[] } = {
    retrained: [],
    frozen: [],
  };
  const facts: [string, string][] = [
    ["visitors", share === 1 ? "all" : `${Math.round(share * 100)}%, drawn by their id`],
    ["asked about", asked === 1 ? "all of these" : `${Math.round(asked * 100)}% of these`],
    ["training settings", JSON.stringify(config)],
    ["begun", new Date().toISOString()],
  ];
  // Written after each day: a run of an hour can be looked at, and what is cut off leaves what it found.
  const note = (run: keyof typeof done) => (past: readonly ReplayedDay[]) => {
    done[run] = past;
    writeReport(report, { file, ...done, facts, seed });
  };
  const shared = {
    days,
    asked,
    catalogue: await shop.catalogue(),
    forget: { day: middle, shopper },
    key: ensureDevVars().secret,
    log,
  };
  let kept: Promise<unknown> = Promise.resolve();
  const keepFirst = (day: number) => {
    const run = { name: "kept", state: copy, from: day + 1, training: null };
    kept = replayRun({ ...shared, ...run, onDay: note("frozen") });
    // Whatever becomes of it, the other run goes on; it is heard at the end.
    kept.catch(() => null);
  };
  try {
    await applyMigrations(state);
    await replayRun({
      ...shared,
      name: "retrained",
      state,
      from: 0,
      training: { config, reports: join(dirname(report), "cards"), threads },
      onDay: note("retrained"),
      onFirst: { copy, tell: keepFirst },
    });
  } finally {
    await kept.catch(() => null);
    rmSync(states, { recursive: true, force: true });
  }
  console.log(`Report: ${report}`);
  await kept;
  return 0;
}

function writeReport(path: string, report: LoopReport): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, renderLoop(report));
  writeFileSync(path.replace(/\.html$/, ".json"), JSON.stringify(report));
}

const program = new Command("loop")
  .description("Turns the batch loop once for each day of a log, on local Workers, unattended.")
  .requiredOption("--file <path>", "the log")
  .addOption(
    new Option("--source <name>", "what kind of log").choices(LOG_NAMES).default("retailrocket"),
  )
  .option("--days <number>", "only the first days", wholeNumber, Number.MAX_SAFE_INTEGER)
  .option("--share <number>", "share of the visitors, 0..1", Number, 1)
  .option("--asked <number>", "share of these that are asked about, 0..1", Number, 1)
  .option(
    "--config <file>",
    "JSON file with settings that differ from the default, as {encoder, ranking}",
  )
  .option("--seed <number>", "random seed", wholeNumber, 1)
  .option("--threads <number>", "threads of one training step", wholeNumber, 2)
  .option("--report <file>", "the page to write", join(ROOT, "reports/loop/loop.html"))
  .action((options: Options) => runCommand(() => run(options)));

await program.parseAsync();
