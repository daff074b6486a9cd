// The tensors that go into a step graph, and the buffers that are filled anew for each step.
import type { Random } from "../graph/random.ts";
import { countElements } from "../graph/value.ts";
import { floats, int32, int64 } from "../runtime/feeds.ts";
import type { Tensor } from "../runtime/runtime.ts";
import type { TrainConfig } from "./config.ts";
import { FEATURES_HIDDEN } from "./features.ts";
import type { PackedRows } from "./packing.ts";
import type { MaskPlan } from "./step-graph.ts";

export type StepBuffers = {
  /** [slots, dim] twice, [negatives, dim] */
  itemVectors: Float32Array;
  targetVectors: Float32Array;
  negativeVectors: Float32Array;
  /** [negatives] */
  negativeItem: Int32Array;
  /** [slots, negatives] */
  negativeBias: Float32Array;
  /** By the name of the input. */
  masks: Map<string, Uint8Array>;
};

export function createStepBuffers(config: TrainConfig): StepBuffers {
  const slots = config.batch * config.length;
  const negatives = config.batchNegatives + config.uniformNegatives;
  return {
    itemVectors: new Float32Array(slots * config.dim),
    targetVectors: new Float32Array(slots * config.dim),
    negativeVectors: new Float32Array(negatives * config.dim),
    negativeItem: new Int32Array(negatives),
    negativeBias: new Float32Array(slots * negatives),
    masks: new Map(),
  };
}

/** All inputs of `buildStepGraph`, also those that a pruned graph does not have. */
export function buildStepFeeds(
  { config, parameters }: { config: TrainConfig; parameters: Float32Array },
  rows: PackedRows,
  buffers: StepBuffers,
  masks: readonly MaskPlan[],
  random: Random,
): Record<string, Tensor> {
  const { batch, length, dim } = config;
  const slots = batch * length;
  const negatives = buffers.negativeItem.length;
  const real = rows.target.reduce((count, item) => count + (item >= 0 ? 1 : 0), 0);
  const weight = Float32Array.from(rows.target, (item) => (item >= 0 ? 1 / real : 0));
  const feeds: Record<string, Tensor> = {
    parameters: floats(parameters),
    item_vectors: floats(buffers.itemVectors, [slots, dim]),
    target_vectors: floats(buffers.targetVectors, [slots, dim]),
    negative_vectors: floats(buffers.negativeVectors, [negatives, dim]),
    item: int32(rows.item, [batch, length]),
    segment: int32(rows.segment, [batch, length]),
    position: int64(rows.position, [batch, length]),
    target_item: int32(rows.target, [slots, 1]),
    negative_bias: floats(buffers.negativeBias, [slots, negatives]),
    weight: floats(weight),
  };
  for (const at of hiddenSlots(random, batch, length)) {
    rows.type[at] = -1;
    rows.gap[at] = -1;
  }
  feeds["type"] = int64(rows.type, [batch, length]);
  feeds["gap"] = int64(rows.gap, [batch, length]);
  for (const { name, shape, drop } of masks) {
    const data = buffers.masks.get(name) ?? new Uint8Array(countElements(shape));
    buffers.masks.set(name, data);
    random.keepMask(data, drop);
    feeds[name] = { type: "uint8", data, dims: shape };
  }
  return feeds;
}

/** The slots of rows whose types and gaps the model shall do without in this step. */
function hiddenSlots(random: Random, batch: number, length: number): number[] {
  const rows = Array.from({ length: batch }, (_, row) => row);
  return rows
    .filter(() => random.uniform() < FEATURES_HIDDEN)
    .flatMap((row) => Array.from({ length }, (_, i) => row * length + i));
}
