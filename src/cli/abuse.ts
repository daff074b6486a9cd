// `npm run abuse`: the known attacks with the publishable key, against a busy simulated shop on this machine.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { connect } from "../client/api.ts";
import { ensureDevVars } from "../client/dev-vars.ts";
import { openAttacker } from "../lab/abuse/attacker.ts";
import { fillShop } from "../lab/abuse/busy-shop.ts";
import { judgeAttacks, type Judged } from "../lab/abuse/run.ts";
import { applyMigrations, findFreePort, startLocalWorker } from "../lab/worker/local-worker.ts";
import { runCommand } from "./command-line.ts";

const PATIENCE_MS = 30_000;
const NAME_WIDTH = 46;

type Options = { url?: string };

async function attack(url: string): Promise<number> {
  const { publishable, secret } = ensureDevVars();
  const owner = connect({ url, key: secret, waitMs: PATIENCE_MS, attemptMs: 120_000 });
  const shop = await fillShop(owner, Date.now());
  console.log(`a shop of ${shop.shoppers} shoppers and ${shop.events} events`);
  console.log(
    `${"attack".padEnd(NAME_WIDTH)} ${"sent".padStart(6)} ${"taken".padStart(6)}  overlap  most moved       harm`,
  );
  const attacker = openAttacker(url, publishable);
  const judged = await judgeAttacks({ owner, attacker, shop }, print);
  const control = judged[0]?.overlap ?? 1;
  const moved = judged.filter(({ overlap, harm }) => overlap < control || harm !== null);
  console.log(`${judged.length - 1} attacks, ${moved.length} moved something`);
  return moved.length === 0 ? 0 : 1;
}

function print({ name, events, accepted, overlap, list, harm }: Judged): void {
  const numbers = [events, accepted].map((number) => String(number).padStart(6));
  console.log(
    `${name.padEnd(NAME_WIDTH)} ${numbers.join(" ")}  ${overlap.toFixed(4)}  ${list.padEnd(15)}  ${harm ?? "none"}`,
  );
}

async function run({ url }: Options): Promise<number> {
  if (url !== undefined) return await attack(url);
  ensureDevVars();
  const persistTo = mkdtempSync(join(tmpdir(), "millrace-abuse-"));
  try {
    await applyMigrations(persistTo);
    const worker = await startLocalWorker({ port: await findFreePort(), persistTo });
    try {
      return await attack(worker.url);
    } finally {
      await worker.stop();
    }
  } finally {
    rmSync(persistTo, { recursive: true, force: true });
  }
}

const command = new Command("abuse")
  .description(
    "Replay known attacks with the publishable key, and tell how far each moved the lists",
  )
  .option(
    "--url <worker>",
    "a Worker with an empty shop and this folder's keys; else one is started",
  )
  .action((options: Options) => runCommand(() => run(options)));

await command.parseAsync();
