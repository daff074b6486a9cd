// The tensors that go into a step graph, and the buffers that are filled anew for each step.
import type { Random } from "../graph/random.ts";
import type { Tensor } from "../runtime/runtime.ts";
import type { TrainConfig } from "./config.ts";
import type { PackedRows } from "./packing.ts";
import type { MaskPlan } from "./step-graph.ts";

export type StepBuffers = {
  /** [slots, dim] twice, [negatives, dim] */
  itemVectors: Float32Array;
  targetVectors: Float32Array;
  negativeVectors: Float32Array;
  /** [negatives] */
  negativeItem: Int32Array;
};

export function createStepBuffers(config: TrainConfig): StepBuffers {
  const slots = config.batch * config.length;
  const negatives = config.batchNegatives + config.uniformNegatives;
  return {
    itemVectors: new Float32Array(slots * config.dim),
    targetVectors: new Float32Array(slots * config.dim),
    negativeVectors: new Float32Array(negatives * config.dim),
    negativeItem: new Int32Array(negatives),
  };
}

type Dense = {
  config: TrainConfig;
  parameters: Float32Array;
  mean: Float32Array;
  variance: Float32Array;
};

type StepSettings = {
  random: Random;
  masks: readonly MaskPlan[];
  logExpected: Float32Array;
  learningRate: number;
  correction: Float32Array;
};

/** All inputs of `buildStepGraph`, also those that a pruned graph does not have. */
export function buildStepFeeds(
  { config, parameters, mean, variance }: Dense,
  rows: PackedRows,
  buffers: StepBuffers,
  { random, masks, logExpected, learningRate, correction }: StepSettings,
): Record<string, Tensor> {
  const { batch, length, dim } = config;
  const slots = batch * length;
  const negatives = buffers.negativeItem.length;
  const expected = Float32Array.from(buffers.negativeItem, (item) => logExpected[item] ?? 0);
  const real = rows.target.reduce((count, item) => count + (item >= 0 ? 1 : 0), 0);
  const weight = Float32Array.from(rows.target, (item) => (item >= 0 ? 1 / real : 0));
  const feeds: Record<string, Tensor> = {
    parameters: floats(parameters, [parameters.length]),
    mean: floats(mean, [mean.length]),
    variance: floats(variance, [variance.length]),
    correction: floats(correction, [2]),
    learning_rate: floats(Float32Array.of(learningRate), []),
    item_vectors: floats(buffers.itemVectors, [slots, dim]),
    target_vectors: floats(buffers.targetVectors, [slots, dim]),
    negative_vectors: floats(buffers.negativeVectors, [negatives, dim]),
    item: int32(rows.item, [batch, length]),
    segment: int32(rows.segment, [batch, length]),
    position: int64(rows.position, [batch, length]),
    type: int64(rows.type, [batch, length]),
    gap: int64(rows.gap, [batch, length]),
    target_item: int32(rows.target, [slots, 1]),
    negative_item: int32(buffers.negativeItem, [1, negatives]),
    log_expected: floats(expected, [1, negatives]),
    weight: floats(weight, [slots]),
  };
  for (const { name, shape, drop } of masks) {
    const data = new Uint8Array(shape.reduce((product, size) => product * size, 1));
    random.keepMask(data, drop);
    feeds[name] = { type: "uint8", data, dims: shape };
  }
  return feeds;
}

/** A float32 result of a run. Throws where there is none of that name. */
export function float32Output(results: Record<string, Tensor>, name: string): Float32Array {
  const tensor = results[name];
  if (tensor?.type !== "float32") throw new Error(`the graph has no float32 output "${name}"`);
  return tensor.data;
}

function floats(data: Float32Array, dims: readonly number[]): Tensor {
  return { type: "float32", data, dims };
}

function int32(data: Int32Array, dims: readonly number[]): Tensor {
  return { type: "int32", data, dims };
}

function int64(data: Int32Array | Uint8Array, dims: readonly number[]): Tensor {
  return { type: "int64", data: BigInt64Array.from(data, BigInt), dims };
}
