// `npm run bench`: how many requests of each kind the production bundle answers, as ratios to a bare route in the
// same run. The load generator shares the machine, and machines are noisy: trust the ratios and the CPU times.
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Command } from "commander";
import { runCommand, wholeNumber } from "../../src/cli/command-line.ts";
import { connect } from "../../src/cli/client/api.ts";
import { openLog, takeEvents } from "../../src/cli/open-log.ts";
import { publishModel } from "../../src/cli/start/publish-model.ts";
import type { WireEvent } from "../../src/cli/simulate/wire.ts";
import { findDataFile } from "../support/data-sets.ts";
import { buildBundle } from "./bundle.ts";
import { makeCases } from "./cases.ts";
import { fillShop, prepareModels, waitUntilWhole } from "./fill.ts";
import { openClient } from "./http-client.ts";
import { measure, type Sample } from "./measure.ts";
import { KEYS, openBenchWorker } from "./miniflare-worker.ts";
import { printRounds } from "./print.ts";

const LOG = { source: "retailrocket", file: "retailrocket-tail/events.csv.gz" };
const WAIT_MS = 60_000;
/** V8 optimises the model's WASM only after some hundred runs; before that each costs several times as much. */
const WARM_UP_MS = 5_000;
/** A Shopper object looks after its outbox 30 s after an event. */
const SETTLE_MS = 40_000;

type BenchOptions = { rounds: number; seconds: number; concurrency: number; events?: number };

async function run({ rounds, seconds, concurrency, events: limit }: BenchOptions): Promise<number> {
  const file = findDataFile(LOG.file);
  if (file === null) throw new Error(`Set MILLRACE_DATA to a folder that holds ${LOG.file}.`);
  const log = openLog(LOG.source, file);
  const models = prepareModels(LOG.source, file);
  await buildBundle();
  const worker = await openBenchWorker();
  const client = openClient(worker.url, KEYS.publishable, concurrency);
  try {
    const api = connect({ url: worker.url, key: KEYS.secret, waitMs: WAIT_MS });
    const events: WireEvent[] = [];
    for await (const event of takeEvents(log, limit)) events.push(event);
    await fillShop(api, log, events);
    const shopper = events.at(-1)?.anonymous_id ?? "";
    await publishModel(api, join(models, "next-item"));
    await waitUntilWhole(api, shopper, false);
    const { reads, writes } = makeCases(events, `bench-${Date.now()}`);
    const load = { concurrency, cpuMs: () => worker.cpuMs() };
    // Events go on costing for a while (queue, outbox alarms), so all reads come before all writes.
    console.error("waiting until the history's outboxes are empty");
    await setTimeout(SETTLE_MS);
    for (const [kind, cases] of [
      ["by the blend", reads],
      ["by the ranking model", reads],
      ["events", writes],
    ] as const) {
      if (kind === "by the ranking model") {
        await publishModel(api, models);
        await waitUntilWhole(api, shopper, true);
      }
      for (const one of cases) await measure(client, one, { ...load, ms: WARM_UP_MS });
      const samples: Sample[][] = [];
      for (let round = 0; round < rounds; round++) {
        const row: Sample[] = [];
        for (const one of cases)
          row.push(await measure(client, one, { ...load, ms: seconds * 1000 }));
        samples.push(row);
        console.error(`round ${round + 1} of ${rounds}`);
      }
      console.log(`${kind}:\n\n${printRounds(cases, samples)}\n`);
    }
    return 0;
  } finally {
    client.close();
    await worker.close();
  }
}

const command = new Command("bench")
  .description("Measure the production bundle in Miniflare, on this machine only")
  .option("--rounds <number>", "rounds over all kinds of requests", wholeNumber, 5)
  .option("--seconds <number>", "for one kind in a round", wholeNumber, 4)
  .option("--concurrency <number>", "requests in flight", wholeNumber, 8)
  .option("--events <number>", "only the first events of the log as history", wholeNumber)
  .action((options: BenchOptions) => runCommand(() => run(options)));

await command.parseAsync();
