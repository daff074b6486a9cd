// `npm run verify-fold`: folds a log offline and compares the result with every shopper's live state.
import { Command } from "commander";
import { connect, type Api } from "../client/api.ts";
import { findSecretKey } from "../client/keys.ts";
import { runCommand, wholeNumber } from "./command-line.ts";
import { LOG_NAMES, openLog, takeEvents } from "../lab/open-log.ts";
import { startBar } from "../lab/progress-bar.ts";
import { compareStates, readLogWhenSettled, type Difference } from "../lab/verify/compare.ts";
import { foldLog, type FoldedLog } from "../lab/verify/fold-log.ts";
import { fetchKnownItems } from "../lab/verify/known-items.ts";
import { readShopSettings } from "../lab/verify/shop-settings.ts";

/** Enough to see what is wrong, few enough to read. */
const SHOWN_DIFFERENCES = 3;
const SHOWN_CHARACTERS = 300;

type VerifyOptions = {
  source: string;
  file: string;
  url: string;
  limit?: number;
  key?: string;
  wait: number;
  concurrency: number;
  log: boolean;
};

/** Both states from a little before the first character in which they differ. */
function describe({ id_type, id, state, live }: Difference): string {
  let at = 0;
  while (at < state.length && state[at] === live[at]) at += 1;
  const start = Math.max(0, at - SHOWN_CHARACTERS / 3);
  const cut = (text: string): string => text.slice(start, start + SHOWN_CHARACTERS);
  return `${id_type} ${id}:\n  offline ...${cut(state)}\n  live    ...${cut(live)}`;
}

async function verifyLog(api: Api, logged: FoldedLog["logged"], waitMs: number): Promise<boolean> {
  const live = await readLogWhenSettled(api, logged, waitMs);
  const same = live.events === logged.events && live.rows === logged.rows;
  console.log(
    `log: ${live.events} events in ${live.rows} rows` +
      (same
        ? ", as many as were accepted"
        : `, but ${logged.events} in ${logged.rows} were accepted`),
  );
  return same;
}

async function run(options: VerifyOptions): Promise<number> {
  const { source, file, url, limit, concurrency } = options;
  const waitMs = options.wait * 1000;
  const api = connect({ url, key: findSecretKey(url, options.key), waitMs });
  const events = takeEvents(openLog(source, file), limit);
  const settings = readShopSettings(Date.now());
  const findItem = await fetchKnownItems(api, settings.money.scale);
  const { shoppers, logged } = await foldLog(events, { ...settings, findItem });
  const bar = startBar("verify", shoppers.length);
  let done = 0;
  const count = (): void => bar.update(++done);
  const differences = await compareStates(
    api,
    shoppers,
    settings.money.scale,
    concurrency,
    count,
  ).finally(() => bar.stop());
  for (const difference of differences.slice(0, SHOWN_DIFFERENCES)) {
    console.log(describe(difference));
  }
  const logHolds = !options.log || (await verifyLog(api, logged, waitMs));
  console.log(`${shoppers.length} shoppers, ${differences.length} differ`);
  return differences.length === 0 && logHolds ? 0 : 1;
}

const command = new Command("verify-fold")
  .description("Fold a log offline and compare with every shopper's live state")
  .requiredOption("--source <name>", `one of ${LOG_NAMES.join(", ")}`)
  .requiredOption("--file <path>", "the log that was replayed, plain or gzipped")
  .option("--url <worker>", "the Worker", "http://127.0.0.1:8787")
  .option("--limit <number>", "only the first events, as in the replay", wholeNumber)
  .option("--key <secret>", "secret key; a local Worker's is read from .dev.vars")
  .option("--wait <seconds>", "how long to wait for an answer, and for the log", wholeNumber, 90)
  .option("--concurrency <number>", "requests in flight", wholeNumber, 16)
  .option("--log", "also count the log, which must hold this file and nothing else", false)
  .action((options: VerifyOptions) => runCommand(() => run(options)));

await command.parseAsync();
