// Trains the members of a demand model on the same examples in different orders from different starts.
import { encodeModel } from "../../graph/onnx.ts";
import { Random } from "../../graph/random.ts";
import { DenseOptimiser } from "../../optimise/dense-optimiser.ts";
import { float32Output, floats } from "../../runtime/feeds.ts";
import type { Runtime, Tensor } from "../../runtime/runtime.ts";
import type { DemandConfig } from "../config.ts";
import { FEATURES } from "../serve/features.ts";
import { demandParameters } from "../model.ts";
import type { DemandWeights } from "../model.ts";
import { measureNormalisation } from "./examples.ts";
import type { Examples } from "./examples.ts";
import { buildDemandStep } from "./step-graph.ts";

/** Streams of random numbers of one member. */
const PARAMETERS = 1;
const ORDER = 2;

/** Throws where there are fewer examples than a batch. */
export async function trainDemand(
  examples: Examples,
  config: DemandConfig,
  runtime: Runtime,
): Promise<DemandWeights> {
  const inEpoch = Math.floor(examples.count / config.batch);
  if (inEpoch === 0) throw new Error("There are too few sales to learn a demand from.");
  const normalisation = measureNormalisation(examples);
  const graph = buildDemandStep(config.batch, config.hidden, normalisation);
  const session = await runtime.load(encodeModel(graph));
  const parameters = demandParameters(FEATURES.length, config.hidden);
  const steps = inEpoch * config.epochs;
  const members: Float32Array[] = [];
  for (let member = 0; member < config.members; member++) {
    const random = new Random(config.seed, PARAMETERS, member);
    const dense = await DenseOptimiser.create(parameters, random, config, runtime);
    const order = Int32Array.from({ length: examples.count }, (_, at) => at);
    for (let step = 0; step < steps; step++) {
      const at = step % inEpoch;
      if (at === 0) new Random(config.seed, ORDER, member * config.epochs + step).shuffle(order);
      const rows = order.subarray(at * config.batch, (at + 1) * config.batch);
      const feeds = buildFeeds(examples, rows, config.weightPower);
      const results = await session.run({ ...feeds, parameters: floats(dense.parameters) });
      const warmed = Math.min(1, (step + 1) / config.warmupSteps);
      await dense.apply(float32Output(results, "d_parameters"), warmed * (1 - step / steps), step);
    }
    members.push(dense.parameters.slice());
    await dense.release();
  }
  await session.release();
  return { hidden: config.hidden, normalisation, members };
}

function buildFeeds(examples: Examples, rows: Int32Array, power: number): Record<string, Tensor> {
  const width = FEATURES.length;
  const features = new Float32Array(rows.length * width);
  const sold = new Float32Array(rows.length);
  const weight = Float32Array.from(rows, (row) => (examples.levels[row] ?? 1) ** power);
  const weights = weight.reduce((sum, each) => sum + each, 0);
  for (const [at, row] of rows.entries()) {
    features.set(examples.features.subarray(row * width, (row + 1) * width), at * width);
    sold[at] = examples.sold[row] ?? 0;
  }
  return {
    features: floats(features, [rows.length, width]),
    sold: floats(sold, [rows.length, 1]),
    weight: floats(
      weight.map((each) => each / weights),
      [rows.length, 1],
    ),
  };
}
