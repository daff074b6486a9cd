// `npm run loop`: the proof that the batch loop turns by itself. Replays a log day by day through a local Worker,
// fires the night's jobs after each day, retrains, and shows what it was worth beside a Worker that learned once.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command, Option } from "commander";
import { ROOT } from "./client/keys.ts";
import { runCommand, wholeNumber } from "./command-line.ts";
import { runArm, type ArmDay } from "./loop/arm.ts";
import { readDays } from "./loop/days.ts";
import { renderLoop, type LoopReport } from "./loop/report.ts";
import { LOG_NAMES, openLog } from "./open-log.ts";

type Options = {
  source: string;
  file: string;
  days: number;
  share: number;
  config?: string;
  seed: number;
  threads: number;
  report: string;
  parallel: boolean;
};

const log = (line: string) => console.error(line);

async function run(options: Options): Promise<number> {
  const { source, file, seed, threads, share } = options;
  const shop = openLog(source, file);
  const days = await readDays(shop, share, options.days);
  const catalogue = await shop.catalogue();
  const settings: unknown = options.config ? JSON.parse(readFileSync(options.config, "utf8")) : {};
  const done: { retrained: readonly ArmDay[]; frozen: readonly ArmDay[] } = {
    retrained: [],
    frozen: [],
  };
  const facts: [string, string][] = [
    ["visitors", share === 1 ? "all" : `${Math.round(share * 100)}%, drawn by their id`],
    ["training settings", JSON.stringify(settings)],
    ["seed", String(seed)],
    ["begun", new Date().toISOString()],
  ];
  const arm = (name: keyof typeof done) =>
    runArm({
      name,
      once: name === "frozen",
      days,
      catalogue,
      config: Object(settings),
      reports: join(dirname(options.report), `${name}-cards`),
      seed,
      threads,
      log,
      // Written after each day: a run of hours can be looked at, and what is cut off leaves what it found.
      onDay(past) {
        done[name] = past;
        writeReport(options.report, { file, ...done, facts });
      },
    });
  if (options.parallel) await Promise.all([arm("retrained"), arm("frozen")]);
  else {
    await arm("retrained");
    await arm("frozen");
  }
  console.log(`Report: ${options.report}`);
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
  .option("--config <file>", "JSON file with training settings that differ from the default")
  .option("--parallel", "both Workers at the same time", false)
  .option("--seed <number>", "random seed", wholeNumber, 1)
  .option("--threads <number>", "threads of one training step", wholeNumber, 2)
  .option("--report <file>", "the page to write", join(ROOT, "reports/loop/loop.html"))
  .action((options: Options) => runCommand(() => run(options)));

await program.parseAsync();
