// `npm run bench`: how many requests of each kind the production bundle answers on one core, and how fast, as a curve
// over the requests in flight and as ratios to a bare route in the same run; and what memory that takes.
import { setTimeout } from "node:timers/promises";
import { Command, InvalidArgumentError } from "commander";
import { connect } from "../../src/client/api.ts";
import { runCommand, wholeNumber } from "../../src/cli/command-line.ts";
import { TABLE_FORMS, type TableForm } from "../../models/next-item/network/table-form.ts";
import { openAlternative } from "./alternative.ts";
import { buildBundle } from "./bundle.ts";
import { BARE, makeKinds, type Kind } from "./cases.ts";
import { fillShop, preparePublishing } from "./fill.ts";
import { openClient } from "./http-client.ts";
import { measureMemory } from "./memory.ts";
import { measure, measureRounds, type Row } from "./measure.ts";
import { KEYS, openBenchWorker } from "./miniflare-worker.ts";
import { printRounds } from "./print.ts";
import { readCpuMs } from "./process-cpu.ts";
import { separate } from "./process-pin.ts";
import { makeShop } from "./shop/random-shop.ts";

const WAIT_MS = 60_000;
/** V8 optimises the models' WASM only after many runs; before that each costs several times as much. */
const WARM_UP_MS = 15_000;
/** A Shopper object looks after its outbox 30 s after an event. */
const SETTLE_MS = 40_000;
/** In flight for what is no curve. */
const SOME = 4;

type BenchOptions = {
  items: number;
  events: number;
  dim: number;
  form: TableForm;
  sweep: number[];
  rounds: number;
  seconds: number;
  memory: boolean;
};

async function run(options: BenchOptions): Promise<number> {
  const { items, events, dim, form, sweep } = options;
  const shop = makeShop(items, events, Date.now());
  await buildBundle();
  const worker = await openBenchWorker(options.memory);
  const alternative = await openAlternative(shop.items);
  const connections = Math.max(SOME, ...sweep);
  const client = openClient(worker.url, KEYS.publishable, connections);
  const other = openClient(alternative.url, KEYS.publishable, connections);
  console.log(`${items} items, ${events} events, next-item model of width ${dim} as ${form}`);
  console.log(separate([...worker.pids, ...alternative.pids]));
  try {
    const api = connect({ url: worker.url, key: KEYS.secret, waitMs: WAIT_MS });
    await fillShop(api, shop);
    if (worker.inspectorUrl !== null) {
      console.log(await measureMemory(api, worker.inspectorUrl, shop, { dim, form }));
      return 0;
    }
    const models = await preparePublishing(api, shop, { dim, form });
    const kinds = makeKinds(shop, `bench-${Date.now()}`);
    const row = (kind: Kind, inFlight = SOME): Row => ({
      ...kind,
      inFlight,
      client,
      cpuMs: () => worker.cpuMs(),
    });
    const precomputed: Row = {
      name: "precomputed list from KV",
      make: alternative.make,
      status: 200,
      inFlight: SOME,
      client: other,
      cpuMs: () => alternative.pids.reduce((sum, pid) => sum + readCpuMs(pid), 0),
    };
    const curve = sweep.map((inFlight) => row(kinds.home, inFlight));
    const slept = kinds.asleep.most > 0 ? [row(kinds.asleep, 1)] : [];
    const report = async (title: string, rows: readonly Row[]) => {
      console.log(`\n${title}:\n\n${printRounds(rows, await measureRounds(rows, options))}`);
    };
    await models.publishNextItem();
    // Events go on costing for a while (queue, outbox alarms), so all reads come before all writes.
    console.error("waiting until the history's outboxes are empty");
    await setTimeout(SETTLE_MS);
    await measure(row(kinds.home), WARM_UP_MS);
    await report("by the blend", [row(BARE), ...curve.slice(0, 3)]);
    await models.publishRanking();
    await measure(row(kinds.home), WARM_UP_MS);
    await report("by the ranking model", [row(BARE), precomputed, ...slept, ...curve]);
    await report("other lists", [row(BARE), ...kinds.others.map((kind) => row(kind))]);
    await report("events", [row(BARE), ...kinds.events.map((kind) => row(kind))]);
    return 0;
  } finally {
    client.close();
    other.close();
    await alternative.close();
    await worker.close();
  }
}

function readForm(text: string): TableForm {
  const form = TABLE_FORMS.find((each) => each === text);
  if (form === undefined) throw new InvalidArgumentError(`Choose ${TABLE_FORMS.join(", ")}.`);
  return form;
}

const command = new Command("bench")
  .description("Measure the production bundle in Miniflare, on this machine only")
  .option("--items <number>", "size of the catalogue", wholeNumber, 13_882)
  .option("--events <number>", "history before the first request", wholeNumber, 5_000)
  .option("--dim <number>", "width of the next-item model", wholeNumber, 128)
  .option("--form <name>", "number format of its item table", readForm, "float32")
  .option(
    "--sweep <numbers>",
    "requests in flight, one after the other",
    (text) => text.split(",").map(wholeNumber),
    [1, 2, 4, 8],
  )
  .option("--rounds <number>", "rounds over all rows of a table", wholeNumber, 2)
  .option("--seconds <number>", "for one row in a round", wholeNumber, 3)
  .option("--memory", "read the memory of the isolate instead of the speed", false)
  .action((options: BenchOptions) => runCommand(() => run(options)));

await command.parseAsync();
