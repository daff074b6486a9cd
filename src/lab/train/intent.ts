// One intent training run from the command line: a log or an export in, a model folder out.
import { completeIntentConfig } from "../../../models/intent/config.ts";
import { createIntentFolder } from "../../../models/intent/serve/model-folder.ts";
import { replayIntent } from "../../../models/intent/train/replay-intent.ts";
import { trainIntent } from "../../../models/intent/train/train-intent.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import { basename } from "node:path";
import { readSettings } from "../settings-file.ts";
import { loadRows } from "./load-intent.ts";
import type { NextItemOptions } from "./next-item.ts";
import { writeFolder } from "./write-folder.ts";

/** Gives the exit code. */
export async function trainIntentModel(options: NextItemOptions): Promise<number> {
  const seeded = options.seed === undefined ? {} : { seed: options.seed };
  const config = completeIntentConfig({ ...readSettings(options.config), ...seeded });
  const log = await replayIntent(await loadRows(options.data, options));
  const rows = log.rows(0, log.until);
  console.error(`${rows.length} events of ${log.visits.length} sessions.`);
  const { weights, history } = await trainIntent(
    rows,
    config,
    createNodeRuntime({ threads: options.threads }),
  );
  for (const { epoch, loss, validation } of history)
    console.error(`epoch ${epoch}  loss ${loss.toFixed(4)}  validation ${validation.toFixed(4)}`);
  const validations = history.map(({ validation }) => validation);
  const { manifest, files } = await createIntentFolder(weights, {
    config,
    rates: log.rates.table,
    data: {
      source: basename(options.data),
      from: new Date(log.visits[0]?.started_at ?? log.until).toISOString(),
      to: new Date(log.until).toISOString(),
      events: rows.length,
    },
    metrics: { validation_log_loss: Math.min(...validations) },
    now: Date.now(),
  });
  writeFolder(options.out, files);
  console.log(`Version ${manifest.version} in ${options.out}.`);
  return 0;
}
