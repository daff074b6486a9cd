// What the smaller item tables cost and save: `node test/bench/serving-forms/run.ts --train <file> --test <file>`.
// Trains one encoder, then serves it as float32, float16 and int8: size, load time, latency, memory, quality.
import { parseArgs } from "node:util";
import { encodeModel } from "../../../models/graph/onnx.ts";
import type { TrainConfig } from "../../../models/next-item/config.ts";
import { createScorer } from "../../../models/next-item/serve/scorer.ts";
import type { EncoderScorer } from "../../../models/next-item/serve/scorer.ts";
import { buildServingGraph } from "../../../models/next-item/network/serving-graph.ts";
import { TABLE_FORMS } from "../../../models/next-item/network/table-form.ts";
import { trainNextItem } from "../../../models/next-item/train/train.ts";
import { validate } from "../../../models/next-item/calibrate/validation.ts";
import type { Example } from "../../../models/next-item/calibrate/examples.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import { createWebRuntime } from "../../../models/runtime/web.ts";
import { loadData } from "../../../src/lab/train/load-data.ts";
import { showProgress } from "../../../src/lab/train/show-progress.ts";
import { readTestFile } from "../../../src/lab/sources/index.ts";

/** Queries of one context each: before the clock starts, and measured. */
const WARM_UP = 5;
const QUERIES = 60;
/** Every nth test pair: the differences looked for show on some thousand. */
const TEST_STEP = 5;

const { values } = parseArgs({
  options: {
    train: { type: "string" },
    test: { type: "string" },
    epochs: { type: "string", default: "3" },
  },
});
if (!values.train || !values.test)
  throw new Error("Name a session file with --train and pairs with --test.");

const native = createNodeRuntime({ threads: 1 });
const { data, vocabulary } = await loadData(values.train);
const config: Partial<TrainConfig> = { epochs: Number(values.epochs), refit: false };
const bar = showProgress();
const model = await trainNextItem({ data, config, runtime: native, onProgress: bar.update });
bar.stop();
const indices = new Map(vocabulary.map((id, index) => [id, index]));
const examples = (await readTestFile(values.test)).flatMap(
  ({ context, target }, row): Example[] => {
    const items = context.flatMap((id) => indices.get(id) ?? []);
    const wanted = indices.get(target);
    const taken = row % TEST_STEP === 0 && items.length > 0 && wanted !== undefined;
    return taken ? [{ context: { items }, target: wanted }] : [];
  },
);

async function timeQueries(scorer: EncoderScorer): Promise<number[]> {
  const times: number[] = [];
  for (let query = 0; query < WARM_UP + QUERIES; query++) {
    const { context } = examples[query % examples.length] ?? { context: { items: [0] } };
    const start = performance.now();
    await scorer.score([context.items]);
    if (query >= WARM_UP) times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b);
}

console.log(`${data.items} items, dim ${model.config.dim}, ${examples.length} test examples`);
for (const form of TABLE_FORMS) {
  const bytes = encodeModel(buildServingGraph(model.weights, { form })).length;
  const quality = await validate(model.weights, examples, native, { form });
  console.log(
    `${form}: ${(bytes / 1e6).toFixed(2)} MB, HR@20 ${quality.hr20.toFixed(2)}, MRR@20 ${quality.mrr20.toFixed(2)}`,
  );
  for (const runtime of [native, createWebRuntime()]) {
    const started = performance.now();
    const scorer = await createScorer(model.weights, runtime, { form });
    const load = performance.now() - started;
    const times = await timeQueries(scorer);
    const [min, p50, max] = [times[0], times[times.length >> 1], times.at(-1)].map((ms) =>
      ms?.toFixed(2),
    );
    console.log(
      `  ${runtime.name}: load ${load.toFixed(0)} ms, one query ${p50} ms (${min} to ${max})`,
    );
    await scorer.release();
  }
}
await model.release();
