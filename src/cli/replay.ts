// `npm run replay`: streams a real log through a Worker's HTTP API and asks, before each product view, what comes next.
import { setTimeout as pause } from "node:timers/promises";
import { Command } from "commander";
import { connect } from "../client/api.ts";
import { findSecretKey } from "../client/keys.ts";
import { positiveNumber, readTime, runCommand, wholeNumber } from "./command-line.ts";
import { LOG_NAMES, openLog, takeEvents, type ShopLog } from "../lab/open-log.ts";
import { startBar } from "../lab/progress-bar.ts";
import { cutBatches } from "../lab/replay/batches.ts";
import { importCatalogue } from "../lab/replay/import-catalogue.ts";
import { keepPace } from "../lab/replay/pace.ts";
import { printTally } from "../lab/replay/print.ts";
import { ProgressFile } from "../lab/replay/progress-file.ts";
import { replay } from "../lab/replay/run.ts";
import { restoreTally, toReport, type SavedTally, type Tally } from "../lab/replay/tally.ts";
import { Yardsticks } from "../lab/replay/yardsticks.ts";

/** How often the progress file is written, ms: what a crash of the replay itself sends again. */
const SAVE_INTERVAL_MS = 1_000;

/** What shells report for a command ended by Ctrl-C. */
const INTERRUPTED = 130;

type ReplayOptions = {
  source: string;
  file: string;
  url: string;
  limit?: number;
  json: boolean;
  key?: string;
  wait: number;
  concurrency: number;
  batch: number;
  restart: boolean;
  /** ms */
  judgeFrom?: number;
  /** --no-catalogue */
  catalogue: boolean;
  /** --no-ask */
  ask: boolean;
  /** Events a second. */
  rate?: number;
};

async function countEvents(log: ShopLog, limit?: number): Promise<number> {
  let count = 0;
  for await (const _ of takeEvents(log, limit)) count += 1;
  return count;
}

async function run(options: ReplayOptions): Promise<number> {
  const { source, file, url, limit, concurrency, rate } = options;
  const log = openLog(source, file);
  const waitMs = options.wait * 1000;
  let note = "";
  const onRetry = (reason: string): void => {
    note = `waiting: ${reason}`;
  };
  const stop = new AbortController();
  const { signal } = stop;
  const api = connect({ url, key: findSecretKey(url, options.key), waitMs, onRetry, signal });
  const progress = new ProgressFile<SavedTally>(source, file, url);
  if (options.restart) progress.remove();
  const saved = progress.read();
  const tally = restoreTally(saved?.tally);
  const yardsticks = new Yardsticks();
  const pace = rate === undefined ? undefined : keepPace(rate, () => performance.now(), pause);
  const total = await countEvents(log, limit);
  if (saved === null && options.catalogue) await importCatalogue(api, await log.catalogue());

  // What is under way is still acknowledged; a wait for an absent Worker ends. A second Ctrl-C ends all at once.
  process.once("SIGINT", () => stop.abort());
  const batches = cutBatches(takeEvents(log, limit), {
    size: options.batch,
    ask: options.ask,
    askFrom: options.judgeFrom,
    skip: tally.sent,
    onSkipped: (event) => yardsticks.observe(event),
  });
  const bar = startBar("replay", total, tally.sent);
  let savedAt = performance.now();
  try {
    const deps = { api, tally, yardsticks, waitMs, concurrency, pace };
    for await (const result of replay(deps, batches)) {
      bar.update(tally.sent, note);
      note = result.rejected[0]?.message ?? "";
      if (signal.aborted) break;
      if (performance.now() - savedAt < SAVE_INTERVAL_MS) continue;
      progress.write({ position: tally.sent, tally });
      savedAt = performance.now();
    }
  } catch (error) {
    progress.write({ position: tally.sent, tally });
    if (!signal.aborted) throw error;
  } finally {
    bar.stop(); // Its timer would keep the process alive.
  }
  if (signal.aborted) progress.write({ position: tally.sent, tally });
  else progress.remove();
  console.log(printTally(tally));
  for (const [reason, rows] of Object.entries(log.skipped())) {
    console.log(`  ${rows} rows of the file are in no event: ${reason}`);
  }
  if (signal.aborted) {
    console.error(
      `Stopped after ${tally.sent} of ${total} events; the same command goes on there.`,
    );
    return INTERRUPTED;
  }
  if (options.json) console.log(JSON.stringify(toReport(tally)));
  return tellLosses(log, tally);
}

/** The exit code: what was not understood or was refused is no replay of the whole log. */
function tellLosses(log: ShopLog, { rejected }: Tally): number {
  const refused = Object.values(rejected).reduce((sum, count) => sum + count, 0);
  if (log.lost() === 0 && refused === 0) return 0;
  console.error(
    `Not all was replayed: ${log.lost()} rows cannot be read, ${refused} events were refused.`,
  );
  return 1;
}

const command = new Command("replay")
  .description(
    "Stream a shop's log through a Worker, asking before each product view what comes next",
  )
  .requiredOption("--source <name>", `one of ${LOG_NAMES.join(", ")}`)
  .requiredOption("--file <path>", "the log, plain or gzipped")
  .option("--url <worker>", "the Worker", "http://127.0.0.1:8787")
  .option("--limit <number>", "only the first events", wholeNumber)
  .option("--json", "end with the figures as one line of JSON", false)
  .option("--key <secret>", "secret key; a local Worker's is read from .dev.vars")
  .option("--wait <seconds>", "how long to wait for a Worker that is away", wholeNumber, 60)
  .option("--concurrency <number>", "questions in flight", wholeNumber, 16)
  .option("--batch <number>", "most events a request (the API takes 100)", wholeNumber, 100)
  .option("--restart", "forget how far an earlier run came", false)
  .option("--judge-from <time>", "ask and count only from this event time on (ISO 8601)", readTime)
  .option("--no-catalogue", "leave the catalogue as it is")
  .option("--rate <number>", "events a second at most, so that replays compare", positiveNumber)
  .option("--no-ask", "send the events only, as fast as they are taken")
  .action((options: ReplayOptions) => runCommand(() => run(options)));

await command.parseAsync();
