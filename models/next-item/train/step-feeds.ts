// The tensors that go into a step graph, and the buffers that are filled anew for each step: in memory that the threads of
// other cores read too.
import type { Random } from "../../graph/random.ts";
import { countElements } from "../../graph/shape.ts";
import { floats, int32, int64 } from "../../runtime/feeds.ts";
import { shareableBytes, shareableFloats } from "../../runtime/shareable.ts";
import type { Tensor } from "../../runtime/runtime.ts";
import type { TrainConfig } from "../config.ts";
import { FEATURES_HIDDEN } from "../data/features.ts";
import type { PackedRows } from "../data/packing.ts";
import type { MaskPlan } from "./step-graph.ts";

/** What a step is about and draws at random. It does not depend on what is learned, so it may be made ahead. */
export type StepDraw = {
  /** Counted from 0. */
  step: number;
  rows: PackedRows;
  /** [negatives] */
  negativeItem: Int32Array;
  /** Items that go by their content alone, [items]; null where none does. */
  hidden: Uint8Array | null;
  /** The inputs of the step that follow from it. */
  feeds: Record<string, Tensor>;
};

/** Of one draw; used again for a later one. */
export type DrawBuffers = {
  /** [negatives] */
  negativeItem: Int32Array;
  /** [slots, negatives] */
  negativeBias: Float32Array;
  /** By the name of the input. */
  masks: Map<string, Uint8Array>;
};

/** Item vectors of a step: [slots, dim] twice, [negatives, dim]. */
export type VectorBuffers = {
  itemVectors: Float32Array;
  targetVectors: Float32Array;
  negativeVectors: Float32Array;
};

export function createDrawBuffers(config: TrainConfig): DrawBuffers {
  const negatives = countNegatives(config);
  return {
    negativeItem: new Int32Array(negatives),
    negativeBias: shareableFloats(config.batch * config.length * negatives),
    masks: new Map(),
  };
}

export function createVectorBuffers(config: TrainConfig): VectorBuffers {
  const slots = config.batch * config.length;
  return {
    itemVectors: shareableFloats(slots * config.dim),
    targetVectors: shareableFloats(slots * config.dim),
    negativeVectors: shareableFloats(countNegatives(config) * config.dim),
  };
}

/** The inputs of `buildStepGraph` that hold what is learned. */
export function stateFeeds(
  { batch, length, dim }: TrainConfig,
  parameters: Float32Array,
  { itemVectors, targetVectors, negativeVectors }: VectorBuffers,
): Record<string, Tensor> {
  const slots = batch * length;
  return {
    parameters: floats(parameters),
    item_vectors: floats(itemVectors, [slots, dim]),
    target_vectors: floats(targetVectors, [slots, dim]),
    negative_vectors: floats(negativeVectors, [negativeVectors.length / dim, dim]),
  };
}

/** All its other inputs, also those that a pruned graph does not have. Hides types and gaps of some `rows`. */
export function drawFeeds(
  { batch, length }: TrainConfig,
  rows: PackedRows,
  buffers: DrawBuffers,
  masks: readonly MaskPlan[],
  random: Random,
): Record<string, Tensor> {
  const slots = batch * length;
  const real = rows.target.reduce((count, item) => count + (item >= 0 ? 1 : 0), 0);
  const weight = Float32Array.from(rows.target, (item) => (item >= 0 ? 1 / real : 0));
  const feeds: Record<string, Tensor> = {
    item: int32(rows.item, [batch, length]),
    segment: int32(rows.segment, [batch, length]),
    position: int64(rows.position, [batch, length]),
    target_item: int32(rows.target, [slots, 1]),
    negative_bias: floats(buffers.negativeBias, [slots, buffers.negativeItem.length]),
    weight: floats(weight),
  };
  for (const at of hiddenSlots(random, batch, length)) {
    rows.type[at] = -1;
    rows.gap[at] = -1;
  }
  feeds["type"] = int64(rows.type, [batch, length]);
  feeds["gap"] = int64(rows.gap, [batch, length]);
  for (const { name, shape, drop } of masks) {
    const data = buffers.masks.get(name) ?? shareableBytes(countElements(shape));
    buffers.masks.set(name, data);
    random.keepMask(data, drop);
    feeds[name] = { type: "uint8", data, dims: shape };
  }
  return feeds;
}

function countNegatives({ batchNegatives, uniformNegatives }: TrainConfig): number {
  return batchNegatives + uniformNegatives;
}

/** The slots of rows whose types and gaps the model shall do without in this step. */
function hiddenSlots(random: Random, batch: number, length: number): number[] {
  const rows = Array.from({ length: batch }, (_, row) => row);
  return rows
    .filter(() => random.uniform() < FEATURES_HIDDEN)
    .flatMap((row) => Array.from({ length }, (_, i) => row * length + i));
}
