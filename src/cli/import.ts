// `npm run import`: a shop's product feed and its past go to a Worker, in whatever form they are.
import { createInterface } from "node:readline/promises";
import { Command, InvalidArgumentError } from "commander";
import { connect } from "../client/api.ts";
import { findSecretKey } from "../client/keys.ts";
import { runCommand, wholeNumber } from "./command-line.ts";
import { importEvents } from "../lab/import/import-events.ts";
import { importFeed } from "../lab/import/import-feed.ts";
import { printOutcome, toExitCode, writeRefused, type Outcome } from "../lab/import/report.ts";
import type { Refused } from "../lab/import/survey.ts";
import { SourceError } from "../lab/sources/source-event.ts";

/** What shells report for a command ended by Ctrl-C. */
const INTERRUPTED = 130;

type ImportOptions = {
  feed?: string;
  events?: string;
  map?: string;
  zone?: string;
  consent?: "granted";
  url: string;
  key?: string;
  wait: number;
  yes: boolean;
  restart: boolean;
  rejected?: string;
  allowRejected: boolean;
};

async function run(options: ImportOptions): Promise<number> {
  const { feed, events, url } = options;
  if (feed === undefined && events === undefined)
    throw new SourceError(
      "Say what to import: --feed <file or address>, --events <file>, or both.",
    );
  const stop = new AbortController();
  const waitMs = options.wait * 1000;
  const { signal } = stop;
  const api = connect({ url, key: findSecretKey(url, options.key), waitMs, signal });
  // What is under way is still acknowledged. A second Ctrl-C ends all at once.
  process.once("SIGINT", () => stop.abort());
  const codes: number[] = [];
  const refused: Refused[] = [];
  const tell = (outcome: Outcome) => {
    console.log(printOutcome(outcome));
    refused.push(...outcome.refused);
    codes.push(toExitCode(outcome, options.allowRejected));
  };
  if (feed !== undefined) tell(await importFeed(api, feed));
  if (events !== undefined && !signal.aborted) {
    const confirm = (count: number) => isConfirmed(count, options);
    const outcome = await importEvents({ ...options, path: events, api, waitMs, confirm, signal });
    if (outcome === "declined") return 1;
    if (outcome !== "stopped") tell(outcome);
  }
  if (options.rejected !== undefined) writeRefused(options.rejected, refused);
  if (signal.aborted) {
    console.error("Stopped; the same command goes on where it was.");
    return INTERRUPTED;
  }
  return Math.max(...codes);
}

async function isConfirmed(events: number, { yes, url }: ImportOptions): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY) {
    console.error("Nothing was sent: look at the rows above, then say --yes.");
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`Send ${events} events to ${url}? [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

const command = new Command("import")
  .description("Send a shop's product feed and its past to a Worker, in whatever form they are")
  .option("--feed <file|url>", "products: Google Merchant, Shopify, WooCommerce, CSV, JSON")
  .option("--events <file>", "history: CSV, JSON or Parquet, GA4's or Shopify's export")
  .option(
    "--map <pairs|file>",
    "field=column,... or a JSON file of them, over what the columns say",
  )
  .option("--zone <zone>", "of times that do not say theirs: Z, +02:00")
  .option(
    "--consent <word>",
    "granted: the shoppers of this history agreed to its use",
    readConsent,
  )
  .option("--url <worker>", "the Worker", "http://127.0.0.1:8787")
  .option("--key <secret>", "secret key; a local Worker's is read from .dev.vars")
  .option("--wait <seconds>", "how long to wait for a Worker that is away", wholeNumber, 60)
  .option("--yes", "send without asking", false)
  .option("--restart", "forget how far an earlier run came", false)
  .option("--rejected <file>", "write all refused rows there, a JSON object a line")
  .option("--allow-rejected", "end well though rows were refused", false)
  .action((options: ImportOptions) => runCommand(() => run(options)));

function readConsent(word: string): "granted" {
  if (word === "granted") return word;
  throw new InvalidArgumentError(
    "--consent can only be granted; without it each row says for itself.",
  );
}

await command.parseAsync();
