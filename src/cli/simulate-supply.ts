// `npm run simulate-supply`: a shop's own history, played with lead times, by our way to order and by others.
import { Command, InvalidArgumentError } from "commander";
import { renderLinePlot } from "../../models/evaluate/report/line-plot.ts";
import { renderGrid, renderPage, renderTable } from "../../models/evaluate/report/page.ts";
import { readSales } from "../lab/evaluate/demand/read-sales.ts";
import { writeReportFile } from "../lab/evaluate/report-file.ts";
import { simulateSupply, stockAt, type Played } from "../lab/supply/simulate.ts";
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

const FILL_RATES = [0.8, 0.85, 0.9];

async function run(options: Options): Promise<number> {
  const panel = await readSales(options.data);
  const lead = { mean: options.leadTime, spread: options.leadSpread };
  const played = simulateSupply(panel, { ...options, lead }, (done, of) =>
    console.error(`${done} of ${of} settings played`),
  );
  const rows = tabulate(played);
  for (const row of rows) console.log(row.map((cell) => cell.padEnd(20)).join(""));
  writeReportFile(options.report, renderReport(played, rows, options));
  if (options.json) console.log(JSON.stringify({ results: played.curves }));
  return 0;
}

/** Stock at the same fill rates, of each policy; and against the last 28 days. */
function tabulate({ curves }: Played): string[][] {
  const head = ["policy", ...FILL_RATES.map((rate) => `stock at ${rate * 100}%`)];
  const other = curves.find(({ policy }) => policy === "last 28 days");
  const rows = curves.map((curve) => [
    curve.policy,
    ...FILL_RATES.map((rate) => {
      const stock = stockAt(curve, rate, "pieces");
      const against = other === undefined ? null : stockAt(other, rate, "pieces");
      if (stock === null) return "-";
      const change = against === null ? "" : ` (${((100 * stock) / against - 100).toFixed(0)}%)`;
      return `${Math.round(stock)}${change}`;
    }),
  ]);
  return [head, ...rows];
}

function renderReport({ items, days, curves }: Played, rows: string[][], options: Options): string {
  const plot = (what: "pieces" | "money", xLabel: string) =>
    renderLinePlot({
      caption: `Fill rate against ${xLabel}`,
      xLabel,
      yLabel: "share of pieces asked for that were there",
      series: curves.map(({ policy, points }) => ({
        name: policy,
        points: points.map((point) => ({ x: point[what], y: point.fill_rate })),
      })),
    });
  const [head = [], ...body] = rows;
  return renderPage({
    title: "Ways to order, over a shop's own history",
    facts: [
      ["items", String(items)],
      ["days played", String(days)],
      ["lead time", `${options.leadTime} ± ${options.leadSpread} days, orders once a week`],
    ],
    sections: [
      {
        title: "Stock for the same fill rate",
        note: "Pieces at the end of an average day; in brackets against the last 28 days.",
        body: renderTable({ head, rows: body, highlight: 0 }),
      },
      {
        title: "Curves",
        body: renderGrid([plot("pieces", "pieces held"), plot("money", "money held")]),
      },
    ],
  });
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
