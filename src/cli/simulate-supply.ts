// `npm run simulate-supply`: a shop's own history, played with lead times, by our way to order and by others.
import { Command, InvalidArgumentError } from "commander";
import { readSales } from "../lab/evaluate/demand/read-sales.ts";
import { writeReportFile } from "../lab/evaluate/report-file.ts";
import { renderReport, tabulate } from "../lab/supply/report.ts";
import { simulateSupply } from "../lab/supply/simulate.ts";
import { positiveNumber, runCommand, wholeNumber } from "./command-line.ts";

type Options = {
  source: string;
  data: string;
  weeks: number;
  leadTime: number;
  leadSpread: number;
  seed: number;
  report: string;
  json: boolean;
};

async function run(options: Options): Promise<number> {
  const panel = await readSales(options.data);
  const lead = { mean: options.leadTime, spread: options.leadSpread };
  const played = simulateSupply(panel, { ...options, lead }, (done, of) =>
    console.error(`${done} of ${of} settings played`),
  );
  const rows = tabulate(played);
  for (const row of rows) console.log(row.map((cell) => cell.padEnd(20)).join(""));
  writeReportFile(options.report, renderReport(played, rows, lead));
  if (options.json) console.log(JSON.stringify({ results: played.curves }));
  return 0;
}

function knownSource(text: string): string {
  if (text !== "online-retail") throw new InvalidArgumentError("There is online-retail.");
  return text;
}

const command = new Command("simulate-supply")
  .description("Play a shop's history by several ways to order: fill rate against stock held")
  .requiredOption("--source <name>", "online-retail", knownSource)
  .requiredOption("--data <file>", "its Parquet file")
  .option("--weeks <number>", "played, the last of the history", wholeNumber, 26)
  .option("--lead-time <days>", "from order to receipt", positiveNumber, 7)
  .option("--lead-spread <days>", "its standard deviation", positiveNumber, 2)
  .option("--seed <number>", "of the lead times", wholeNumber, 1)
  .option("--report <file>", "HTML", "reports/supply.html")
  .option("--json", "print the curves as JSON last", false)
  .action((options: Options) => runCommand(() => run(options)));

await command.parseAsync();
