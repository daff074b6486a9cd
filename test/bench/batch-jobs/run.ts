// The night's jobs over a log of millions of events, in the production bundle in workerd: how fast, how much memory,
// and whether a slice costs more when the log is longer. What was begun is carried on by the same command.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { ROOT } from "../../../src/client/keys.ts";
import { runCommand, wholeNumber } from "../../../src/cli/command-line.ts";
import { startBar } from "../../../src/lab/progress-bar.ts";
import { openClient } from "../../../src/learn/fetch/client.ts";
import { buildBundle } from "../bundle.ts";
import { KEYS, openBenchWorker } from "../miniflare-worker.ts";
import { sumExports, sumLog, type Sums } from "./compare.ts";
import { fillLog } from "./fill-log.ts";
import { measureJob, type Measured } from "./measure-job.ts";

type Options = { rows: number; stopAfter: number; folder: string };

/** What is done; kept beside the Worker's state. */
type Progress = {
  jobs: Record<string, Measured>;
  done: string[];
  log: Sums | null;
  exported: { sums: Sums; files: number; bytes: number } | null;
};

/** In the scheduler's order, and what each counts its rows as. */
const JOBS = [
  ["roll-up", "rows"],
  ["export-events", "rows"],
  ["verify-exports", "rows"],
  ["retain-events", "deleted"],
] as const;

/** A request works for 20 s and what is under way; a busy machine takes its time, ms. */
const WAIT_MS = 600_000;

async function run({ rows, stopAfter, folder }: Options): Promise<number> {
  const until = performance.now() + stopAfter * 1000;
  const isOver = () => performance.now() > until;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "progress.json");
  const progress: Progress = existsSync(file)
    ? JSON.parse(readFileSync(file, "utf8"))
    : { jobs: {}, done: [], log: null, exported: null };
  const save = () => writeFileSync(file, JSON.stringify(progress));
  await buildBundle();
  const worker = await openBenchWorker(false, join(folder, "state"));
  const client = openClient(worker.url, KEYS.secret, { waitMs: WAIT_MS });
  try {
    if (progress.log === null) {
      const bar = startBar("filling the log", rows);
      await fillLog(worker.storage.database, rows, (done) => bar.update(done)).finally(() =>
        bar.stop(),
      );
      progress.log = await sumLog(worker.storage);
      save();
    }
    for (const [name, counted] of JOBS) {
      if (progress.done.includes(name)) continue;
      if (name === "retain-events" && progress.exported === null) {
        progress.exported = await sumExports(client, join(folder, "files"));
        save();
      }
      const bar = startBar(name, rows);
      const told = (measured: Measured) => {
        progress.jobs[name] = measured;
        bar.update(Math.min(rows, measured.counts[counted] ?? 0));
        save();
      };
      const before = progress.jobs[name];
      const job = await measureJob(name, worker, client, before, told, isOver).finally(() =>
        bar.stop(),
      );
      if (job === null) {
        console.error("Time is up; the same command goes on from here.");
        return 0;
      }
      progress.done.push(name);
      save();
    }
    const left = await sumLog(worker.storage);
    console.log(describe(progress, left));
  } finally {
    await worker.close();
  }
  rmSync(join(folder, "state"), { recursive: true, force: true });
  rmSync(join(folder, "files"), { recursive: true, force: true });
  rmSync(file);
  return 0;
}

function describe({ jobs, log, exported }: Progress, left: Sums): string {
  const lines = JOBS.map(([name, counted]) => {
    const job = jobs[name];
    if (job === undefined) throw new Error(`${name} was not run`);
    const total = (of: "slices" | "ms" | "cpu") =>
      job.invocations.reduce((sum, one) => sum + one[of], 0);
    const rows = job.counts[counted] ?? 0;
    const cells = [
      name,
      rows.toLocaleString("en"),
      String(total("slices")),
      String(job.invocations.length),
      Math.round((1000 * rows) / total("ms")).toLocaleString("en"),
      Math.round((1000 * rows) / total("cpu")).toLocaleString("en"),
      `${(job.memory / 1e6).toFixed(0)} MB`,
      compareEnds(job).toFixed(2),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  const isSame = JSON.stringify(log) === JSON.stringify(exported?.sums);
  return [
    "| job | rows | slices | invocations | rows/s | rows per CPU second | workerd at most | CPU of a slice, last fifth to first |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ...lines,
    `D1 before: ${JSON.stringify(log)}`,
    `DuckDB over ${exported?.files} files of ${exported?.bytes} bytes: ${JSON.stringify(exported?.sums)}: ${isSame ? "the same" : "NOT the same"}`,
    `left in D1: ${JSON.stringify(left)}`,
  ].join("\n");
}

/** CPU time a slice in the last fifth of the slices, to that in the first; invocations are not cut. */
function compareEnds({ invocations }: Measured): number {
  const slices = invocations.reduce((sum, one) => sum + one.slices, 0);
  const cost = (list: typeof invocations): number => {
    let [seen, cpu] = [0, 0];
    for (const one of list) {
      if (seen >= slices / 5) break;
      seen += one.slices;
      cpu += one.cpu;
    }
    return cpu / seen;
  };
  return cost(invocations.toReversed()) / cost(invocations);
}

const command = new Command("batch-jobs")
  .description(
    "Run the batch jobs over a log of generated events in Miniflare, on this machine only",
  )
  .option("--rows <number>", "events of the log", wholeNumber, 2_000_000)
  .option("--stop-after <seconds>", "end then, to be carried on later", wholeNumber, 3600)
  .option(
    "--folder <path>",
    "where state and progress are kept meanwhile",
    join(ROOT, "reports/bench/batch-jobs"),
  )
  .action((options: Options) => runCommand(() => run(options)));

await command.parseAsync();
