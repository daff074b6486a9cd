// `evaluate --task demand`: sums over 28 days, judged at the last origin and at the four before it.
import { DAY_MS, HORIZON } from "../../../models/demand/data/panel.ts";
import { completeDemandConfig } from "../../../models/demand/config.ts";
import { judgeSums } from "../../../models/demand/quality.ts";
import type { DemandQuality } from "../../../models/demand/quality.ts";
import { renderGrid, renderPage, renderTable } from "../../../models/evaluate/report/page.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import { dailyLoss } from "./demand/daily-loss.ts";
import { readSales } from "./demand/read-sales.ts";
import { rollOrigins } from "../../../models/demand/train/roll.ts";
import type { OriginForecasts } from "../../../models/demand/train/roll.ts";
import { plotItems } from "./demand/show-items.ts";
import { writeReportFile } from "./report-file.ts";
import { readSettings } from "../settings-file.ts";

export type DemandEvaluation = {
  data: string;
  seed: number;
  threads: number;
  config?: string;
  report: string;
  json: boolean;
};

/** Origins whose mean is judged, and those before them that only teach corrections. */
const ROLLING = 4;
const LEARNING = 2;

type Result = DemandQuality & { model: string; wql_daily: number; rolling: DemandQuality };

export async function evaluateDemand(options: DemandEvaluation): Promise<number> {
  const panel = await readSales(options.data);
  const part = readSettings(options.config);
  const config = completeDemandConfig({ seed: options.seed, ...part });
  const last = panel.days - HORIZON;
  const origins = Array.from(
    { length: ROLLING + LEARNING + 1 },
    (_, at) => last - HORIZON * (ROLLING + LEARNING - at),
  );
  const rolled: OriginForecasts[] = [];
  const runtime = createNodeRuntime({ threads: options.threads });
  for await (const each of rollOrigins(panel, origins, config, runtime)) {
    rolled.push(each);
    console.error(`${dateOf(panel.firstDay + each.origin)}: ${each.items.length} items`);
  }
  const final = rolled.at(-1);
  if (final === undefined) throw new Error("The log is too short to judge a demand by.");
  const before = rolled.slice(-1 - ROLLING, -1);
  const results: Result[] = Array.from(final.forecasts, ([model, forecasts]) => ({
    model,
    ...judgeSums(forecasts, final.sold),
    wql_daily: dailyLoss(panel, final.items, final.origin, forecasts),
    rolling: meanOf(
      before.map(({ forecasts, sold }) => judgeSums(forecasts.get(model) ?? [], sold)),
    ),
  }));
  const table = {
    head: ["model", "P50", "P90", "cover", "daily", "P50 roll.", "P90 roll.", "cover roll."],
    rows: results.map(({ model, p50, p90, cover90, wql_daily, rolling }) => [
      model,
      ...[p50, p90, cover90, wql_daily, rolling.p50, rolling.p90, rolling.cover90].map((x) =>
        x.toFixed(3),
      ),
    ]),
  };
  for (const row of [table.head, ...table.rows]) {
    console.log(row.map((cell) => cell.padEnd(15)).join(""));
  }
  const date = dateOf(panel.firstDay + final.origin);
  writeReportFile(
    options.report,
    renderPage({
      title: "Demand",
      facts: [
        ["origin", date],
        ["items", String(final.items.length)],
        ["corrections", JSON.stringify(final.corrections)],
      ],
      sections: [
        { title: "Pinball losses of 28-day sums, scaled by units", body: renderTable(table) },
        { title: "Eight items", body: renderGrid(plotItems(panel, final)) },
      ],
    }),
  );
  if (options.json) console.log(JSON.stringify({ results }));
  return 0;
}

function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

function meanOf(qualities: readonly DemandQuality[]): DemandQuality {
  const mean = (read: (quality: DemandQuality) => number): number =>
    qualities.reduce((sum, quality) => sum + read(quality), 0) / Math.max(1, qualities.length);
  return {
    p50: mean(({ p50 }) => p50),
    p90: mean(({ p90 }) => p90),
    cover90: mean(({ cover90 }) => cover90),
  };
}
