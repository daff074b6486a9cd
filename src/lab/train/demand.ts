// One demand training run from the command line: sales in, corrections from the last origins, model folder out.
import { completeDemandConfig } from "../../../models/demand/config.ts";
import { DAY_MS, HORIZON } from "../../../models/demand/data/panel.ts";
import { judgeSums } from "../../../models/demand/quality.ts";
import { createDemandFolder } from "../../../models/demand/serve/model-folder.ts";
import { CALIBRATED_BY, rollOrigins } from "../../../models/demand/train/roll.ts";
import type { OriginForecasts } from "../../../models/demand/train/roll.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import { readSales } from "../evaluate/demand/read-sales.ts";
import { readSettings } from "../settings-file.ts";
import { writeFolder } from "./write-folder.ts";

type DemandOptions = {
  data: string;
  source?: string;
  config?: string;
  out: string;
  seed?: number;
  threads: number;
};

/** Gives the exit code. */
export async function trainDemandModel(options: DemandOptions): Promise<number> {
  if (options.source !== undefined && options.source !== "online-retail") {
    throw new Error("--task demand reads --source online-retail.");
  }
  const started = performance.now();
  const seeded = options.seed === undefined ? {} : { seed: options.seed };
  const config = completeDemandConfig({ ...readSettings(options.config), ...seeded });
  const panel = await readSales(options.data);
  const origins = Array.from(
    { length: CALIBRATED_BY + 1 },
    (_, at) => panel.days - HORIZON * (CALIBRATED_BY - at),
  );
  const runtime = createNodeRuntime({ threads: options.threads });
  const rolled: OriginForecasts[] = [];
  for await (const each of rollOrigins(panel, origins, config, runtime)) rolled.push(each);
  const [judged, final] = rolled.slice(-2);
  if (final === undefined || judged === undefined) throw new Error("The log is too short.");
  const quality = judgeSums(judged.forecasts.get("demand") ?? [], judged.sold);
  const { manifest, files } = await createDemandFolder(final.weights, {
    config,
    corrections: final.corrections,
    data: {
      source: "online-retail",
      from: new Date(panel.firstDay * DAY_MS).toISOString(),
      to: new Date((panel.firstDay + panel.days) * DAY_MS).toISOString(),
      events: panel.units.reduce((count, units) => count + (units > 0 ? 1 : 0), 0),
    },
    metrics: {
      validation_p50: quality.p50,
      validation_p90: quality.p90,
      validation_cover90: quality.cover90,
    },
    now: Date.now(),
  });
  writeFolder(options.out, files);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(`Version ${manifest.version} in ${options.out}, trained in ${seconds} s.`);
  return 0;
}
