// One next-item training run from the command line: data in, progress bar, checkpoints, model folder out.
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import { completeConfig } from "../../../models/next-item/config.ts";
import type { EncoderName, TrainConfig } from "../../../models/next-item/config.ts";
import { createModelFolder } from "../../../models/next-item/serve/model-folder.ts";
import type { TableForm } from "../../../models/next-item/network/table-form.ts";
import type { TrainedEncoder } from "../../../models/next-item/train/train.ts";
import { validationMetrics } from "../../../models/next-item/train/best-epoch.ts";
import { trainOrStop } from "../../../models/next-item/train/train.ts";
import { readSettings } from "../settings-file.ts";
import { loadData } from "./load-data.ts";
import type { LoadedData } from "./load-data.ts";
import { startRun } from "./run.ts";
import { writeFolder } from "./write-folder.ts";

export type NextItemOptions = {
  data: string;
  source?: string;
  currency?: string;
  map?: string;
  encoder?: EncoderName;
  config?: string;
  out: string;
  form: TableForm;
  seed?: number;
  threads: number;
  resume: boolean;
};

/** Gives the exit code. Ctrl-C leaves a checkpoint for `--resume`; so does a crash, of the last half minute. */
export async function trainNextItemModel(options: NextItemOptions): Promise<number> {
  const config = readConfig(options);
  const loaded = await loadData(options.data, options);
  const { sessions, items } = loaded.data;
  console.error(`${sessions.length} sessions over ${items} items; encoder ${config.encoder}.`);
  const run = startRun(options);
  const runtime = createNodeRuntime({ threads: options.threads });
  const outcome = await trainOrStop({ data: loaded.data, config, runtime, ...run.hooks }).finally(
    run.stop,
  );
  if (outcome.kind === "stopped") return run.keep(outcome.checkpoint);
  await writeModel(outcome.model, loaded, options);
  run.forget();
  return 0;
}

function readConfig({ config, encoder, seed }: NextItemOptions): TrainConfig {
  return completeConfig({
    ...readSettings(config),
    ...(encoder && { encoder }),
    ...(seed !== undefined && { seed }),
  });
}

async function writeModel(
  model: TrainedEncoder,
  { data, vocabulary, source }: LoadedData,
  { out, form }: NextItemOptions,
): Promise<void> {
  const { manifest, files } = await createModelFolder(model.weights, {
    form,
    vocabulary,
    data,
    source,
    metrics: validationMetrics(model.history),
    now: Date.now(),
  });
  writeFolder(out, files);
  await model.release();
  console.log(
    `Version ${manifest.version} in ${out}, trained in ${model.trainSeconds.toFixed(0)} s.`,
  );
}
