// `npm run audit-erasure`: ends with 1 where anything of an erased shopper is left, or where the search sees nothing.
import { Command } from "commander";
import { runCommand, wholeNumber } from "../../src/cli/command-line.ts";
import { audit, type AuditOptions } from "./audit.ts";
import type { Finding } from "./scan.ts";

const SHOWN = 20;

async function run(options: AuditOptions): Promise<number> {
  const { shoppers, acts, files, bytes, left, free, notes, control } = await audit(
    options,
    console.error,
  );
  console.log(`${shoppers} shoppers, ${acts} acts, ${files} files, ${bytes} bytes`);
  show("rows, objects and messages", left);
  show("free pages of databases", free);
  console.log(`notes that somebody was erased: ${notes} pseudonyms`);
  console.log(`of the shopper who was not erased: ${control} findings`);
  console.log(`${shoppers} shoppers, ${new Set(left.map(({ needle }) => needle)).size} left`);
  return left.length === 0 && control > 0 ? 0 : 1;
}

function show(what: string, findings: readonly Finding[]): void {
  console.log(`${what}: ${findings.length} findings`);
  const byStore = new Map<string, number>();
  for (const { store } of findings) byStore.set(store, (byStore.get(store) ?? 0) + 1);
  const most = [...byStore].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
  for (const [store, count] of most) console.log(`  ${store}: ${count}`);
}

const command = new Command("audit-erasure")
  .description(
    "Erase marked shoppers in the middle of a busy day, and look for them in every stored byte",
  )
  .option("--shoppers <number>", "shoppers", wholeNumber, 1000)
  .option(
    "--quiet <seconds>",
    "from the last erasure to the search; the outbox looks after half a minute and a minute later",
    wholeNumber,
    100,
  )
  .option("--seed <number>", "the same seed makes the same shoppers", wholeNumber, 1)
  .action((options: AuditOptions) => runCommand(() => run(options)));

await command.parseAsync();
