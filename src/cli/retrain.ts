// `npm run retrain`: learns from a Worker's exports and publishes through the gate, by the HTTP API alone.
import { join } from "node:path";
import { Command } from "commander";
import { findSecretKey, ROOT } from "../client/keys.ts";
import { runCommand, wholeNumber } from "./command-line.ts";
import { openClient } from "../learn/fetch/client.ts";
import { runRound, type RoundResult } from "../learn/round.ts";
import { watch } from "../learn/watch.ts";
import { readRankingSettings } from "../lab/settings-file.ts";

type Options = {
  url: string;
  key?: string;
  watch: boolean;
  every: number;
  config?: string;
  seed: number;
  threads: number;
  force: boolean;
  json: boolean;
};

const log = (line: string) => console.error(line);

async function run(options: Options): Promise<number> {
  const stop = new AbortController();
  if (options.watch) process.once("SIGINT", () => stop.abort());
  const client = openClient(options.url, findSecretKey(options.url, options.key), {
    signal: stop.signal,
  });
  const host = new URL(options.url).host.replaceAll(/[^\w.-]/g, "-");
  const config = readRankingSettings(options);
  const round = async () => {
    const result = await runRound(client, {
      folder: join(ROOT, "reports/retrain", host, "exports"),
      reports: join(ROOT, "reports/retrain", host),
      config,
      threads: options.threads,
      force: options.force,
      log,
    });
    console.log(options.json ? JSON.stringify(result) : describe(result));
  };
  if (!options.watch) {
    await round();
    return 0;
  }
  log(`Waiting for the signal of ${options.url}; Ctrl-C ends it.`);
  await watch(client, round, { every: options.every * 1000, signal: stop.signal, log });
  return 0;
}

function describe(result: RoundResult): string {
  if (result.kind === "nothing") return `Nothing to do: ${result.reason}`;
  const { versions, card, checks } = result;
  const names = `next-item ${versions.nextItem} and ranking ${versions.ranking}`;
  if (result.kind === "published")
    return `${names} are published; the Worker serves them within seconds. Card: ${card}`;
  const failed = checks.filter(({ passed }) => !passed).map(({ name }) => name);
  return `${names} are kept back (${failed.join(", ")}). Card: ${card}`;
}

const program = new Command("retrain")
  .description(
    "Trains on a Worker's exports, judges against what serves, publishes what is better.",
  )
  .requiredOption("--url <url>", "the Worker")
  .option("--key <sk>", "secret key; the local Worker's is found by itself")
  .option("--watch", "wait for the nightly signal, round after round", false)
  .option("--every <seconds>", "how often to look for the signal", wholeNumber, 10)
  .option(
    "--config <file>",
    "JSON file with settings that differ from the default, as {encoder, ranking}",
  )
  .option("--seed <number>", "random seed", wholeNumber, 1)
  .option("--threads <number>", "threads of one step", wholeNumber, 2)
  .option("--force", "train even if nothing is new", false)
  .option("--json", "print one JSON object a round", false)
  .action((options: Options) => runCommand(() => run(options)));

await program.parseAsync();
