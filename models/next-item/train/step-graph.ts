// One training step as a graph: the loss of some rows, and its gradients. The rows of the item tower come in dense, see
// ItemTower; the update of the dense parameters is a graph of its own, see DenseOptimiser.
import { gradients } from "../../graph/autodiff.ts";
import { Graph } from "../../graph/graph.ts";
import { mul } from "../../graph/ops/arithmetic.ts";
import { reshape } from "../../graph/ops/layout.ts";
import { cast } from "../../graph/ops/select.ts";
import { bindParameters, countParameters, flatten } from "../../optimise/parameters.ts";
import { countElements } from "../../graph/shape.ts";
import type { Value } from "../../graph/graph.ts";
import type { TrainConfig } from "../config.ts";
import type { Dropout } from "../network/encoders/encoder.ts";
import type { EventFeatures } from "../data/features.ts";
import { sampledSoftmaxLoss } from "../network/loss.ts";
import { encodeEvents, modelParameters } from "../network/model.ts";

/** Masks that each step needs: input name -> shape and the chance of a zero. */
export type MaskPlan = { name: string; shape: readonly number[]; drop: number };

export type StepGraph = { graph: Graph; masks: readonly MaskPlan[] };

/**
 * Inputs: parameters [n]; item_vectors, target_vectors [slots, dim]; negative_vectors [negatives, dim]; item, segment (int32), position (int64) [batch, length];
 * target_item int32 [slots, 1]; negative_bias [slots, negatives]; weight [slots];
 * type, gap (int64 [batch, length]) where the model takes them; and the masks.
 * Outputs: loss; d_parameters, d_item_vectors, d_target_vectors, d_negative_vectors.
 */
export function buildStepGraph(config: TrainConfig, features: EventFeatures): StepGraph {
  const { batch, length, dim } = config;
  const slots = batch * length;
  const negatives = config.batchNegatives + config.uniformNegatives;
  const parameters = modelParameters(config, features);
  const count = countParameters(parameters);

  const graph = new Graph();
  const flat = graph.input("parameters", [count]);
  const { bound, leaves } = bindParameters(flat, parameters);
  const itemVectors = graph.input("item_vectors", [slots, dim]);
  const targetVectors = graph.input("target_vectors", [slots, dim]);
  const negativeVectors = graph.input("negative_vectors", [negatives, dim]);
  const item = graph.input("item", [batch, length], "int32");
  const masks: MaskPlan[] = [];

  const { states, pointer } = encodeEvents(
    {
      vectors: reshape(itemVectors, [batch, length, dim]),
      slots: {
        batch,
        length,
        segment: graph.input("segment", [batch, length], "int32"),
        position: graph.input("position", [batch, length], "int64"),
      },
      types: features.types > 0 ? graph.input("type", [batch, length], "int64") : null,
      gaps: features.gaps ? graph.input("gap", [batch, length], "int64") : null,
    },
    bound,
    {
      input: createDropout(graph, config.inputDropout, masks),
      block: createDropout(graph, config.dropout, masks),
    },
    config,
  );
  const perSlot = (x: Value) => reshape(x, [slots, length]);
  const loss = sampledSoftmaxLoss({
    states: reshape(states, [slots, dim]),
    targets: targetVectors,
    negatives: negativeVectors,
    targetItem: graph.input("target_item", [slots, 1], "int32"),
    bias: graph.input("negative_bias", [slots, negatives]),
    weight: graph.input("weight", [slots]),
    scale: config.scale,
    pointer: pointer && { logits: perSlot(pointer), items: perSlot(repeatItems(item, config)) },
  });

  const grads = gradients(loss, [itemVectors, targetVectors, negativeVectors, ...leaves]);
  const [dItems, dTargets, dNegatives, ...dParameters] = grads;
  if (!dItems || !dTargets || !dNegatives) throw new Error("the loss has three row gradients");
  graph.output("loss", loss);
  graph.output("d_item_vectors", dItems);
  graph.output("d_target_vectors", dTargets);
  graph.output("d_negative_vectors", dNegatives);
  graph.output("d_parameters", flatten(dParameters));
  return { graph, masks };
}

/** Which item each slot would point at: int32 [batch, length, length], the same for all slots of a row. */
function repeatItems(item: Value, { batch, length }: TrainConfig): Value {
  const { graph } = item;
  const shape = graph.ints([batch, length, length]);
  const row = reshape(item, [batch, 1, length]);
  return graph.apply("Expand", [row, shape], { shape: [batch, length, length], type: "int32" });
}

/** Inverted dropout (Srivastava et al., 2014) whose masks are fed, so that a step can be done again exactly. */
function createDropout(graph: Graph, drop: number, masks: MaskPlan[]): Dropout {
  if (drop === 0) return (x) => x;
  return (x) => {
    countElements(x.shape);
    const shape = x.shape.map(Number);
    const name = `mask${masks.length}`;
    masks.push({ name, shape, drop });
    const mask = graph.input(name, shape, "uint8");
    return mul(x, mul(cast(mask, "float32"), 1 / (1 - drop)));
  };
}
