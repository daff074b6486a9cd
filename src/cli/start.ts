// `npm start`: a whole Millrace on this machine, with the demo shop in it, until Ctrl-C.
import { join } from "node:path";
import { Command } from "commander";
import { connect } from "../client/api.ts";
import { ROOT } from "../client/keys.ts";
import { runCommand, wholeNumber } from "./command-line.ts";
import { ensureDevVars } from "../client/dev-vars.ts";
import { applyMigrations, isPortFree, startLocalWorker } from "../lab/worker/local-worker.ts";
import { DEMO_MODEL, publishModels } from "./start/publish-model.ts";
import { seedDemoShop } from "./start/seed.ts";
import { warmUp } from "./start/warm-up.ts";
import { welcome } from "./start/welcome.ts";

/** One item of the demo shop, for the lines to paste. */
const SAMPLE_ITEM = "TEN-001";
/** A fresh Worker may be busy with its first request for a while, ms. */
const WAIT_MS = 30_000;

type StartOptions = { port: number; persistTo: string; seed: boolean; model?: string };

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

async function run({ port, persistTo, seed, model }: StartOptions): Promise<number> {
  if (!(await isPortFree(port))) {
    throw new Error(`Port ${port} is taken. Choose another: npm start -- --port ${port + 1}`);
  }
  const keys = ensureDevVars();
  console.log("Applying migrations ...");
  await applyMigrations(persistTo);
  console.log("Starting the Worker ...");
  const worker = await startLocalWorker({ port, persistTo, echo: true });
  let asked = false;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      asked = true;
      void worker.stop();
    });
  }
  try {
    const api = connect({ url: worker.url, key: keys.secret, waitMs: WAIT_MS });
    const folder = model ?? (seed ? DEMO_MODEL : null);
    const published = folder === null ? [] : await publishModels(api, folder);
    for (const { task, version } of published) console.log(`  model ${task} ${version}`);
    if (seed) {
      console.log("Opening the demo shop ...");
      const seeded = await seedDemoShop(api, persistTo, Date.now());
      if (seeded !== null) console.log(`  ${seeded.items} items, ${seeded.events} events`);
      const nextItem = published.find(({ task }) => task === "next-item");
      if (nextItem !== undefined) await warmUp(api, nextItem.version, SAMPLE_ITEM);
    }
    console.log(welcome(worker.url, keys, SAMPLE_ITEM));
    const code = await worker.ended;
    if (!asked) throw new Error(`The Worker ended by itself (code ${code}):\n${worker.output()}`);
    return 0;
  } catch (error) {
    if (asked) return 0; // Ctrl-C in the middle of seeding: the next start finishes it.
    throw error;
  } finally {
    await worker.stop();
  }
}

const command = new Command("start")
  .description("Run Millrace on this machine, with the simulated demo shop in it")
  .option("--port <number>", "where to listen", wholeNumber, 8787)
  .option("--persist-to <folder>", "where the state lives", join(ROOT, ".wrangler/state"))
  .option("--no-seed", "leave the shop empty")
  .option("--model <folder>", "publish this model, and the one that it was trained beside")
  .action((options: StartOptions) => runCommand(() => run(options)));

await command.parseAsync();
