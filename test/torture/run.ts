// `npm run torture`: SIGKILLs under load, then fuzzed requests over all routes. Ends with 1 where anything was wrong.
import { Command } from "commander";
import { runCommand, wholeNumber } from "../../src/cli/command-line.ts";
import { torture, type TortureOptions } from "./torture.ts";

/** Of what was wrong, as much as a reader wants. */
const SHOWN = 20;

async function run(options: TortureOptions): Promise<number> {
  const { ledger, verdict, fuzzed } = await torture(options, console.log);
  const counts = Object.entries(ledger.counts).map(([what, count]) => `${count} ${what}`);
  console.log(`${options.kills} kills under load: ${counts.join(", ")}`);
  console.log(
    `${verdict.acknowledged} events acknowledged, ${verdict.profiles} profiles compared, ${verdict.erased} shoppers erased: ` +
      `${verdict.faults.length} faults`,
  );
  console.log(
    `${fuzzed.requests} fuzzed requests: ${fuzzed.faults.length} faults; ${JSON.stringify(fuzzed.statuses)}`,
  );
  const faults = [...verdict.faults, ...fuzzed.faults];
  for (const fault of faults.slice(0, SHOWN)) console.log(`  ${fault}`);
  return faults.length === 0 ? 0 : 1;
}

const command = new Command("torture")
  .description("Kill a local Worker under load again and again, and send it nonsense")
  .option("--kills <number>", "SIGKILLs", wholeNumber, 20)
  .option("--fuzz <number>", "fuzzed requests", wholeNumber, 2000)
  .option("--seed <number>", "the same seed sends the same requests", wholeNumber, 1)
  .action((options: TortureOptions) => runCommand(() => run(options)));

await command.parseAsync();
