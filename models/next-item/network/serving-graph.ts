// The inference graph: the last events of a session in, scores of all items out. One table, any batch size.
import { Graph } from "../../graph/graph.ts";
import { add, mul, sub } from "../../graph/ops/arithmetic.ts";
import { reshape, slice } from "../../graph/ops/layout.ts";
import { logSumExp } from "../../graph/ops/reduce.ts";
import { equal, greaterOrEqual, where } from "../../graph/ops/select.ts";
import { dimOf } from "../../graph/shape.ts";
import type { Value } from "../../graph/graph.ts";
import type { TrainConfig } from "../config.ts";
import type { EventFeatures } from "../data/features.ts";
import { UNREACHABLE } from "./pointer.ts";
import { encodeRecent } from "./recent-encoder.ts";
import { embedTable, paddingRows } from "./table-form.ts";
import type { TableForm } from "./table-form.ts";

/** At serving, catalogue logits are multiplied by `catalogue`, pointer logits become `pointerSlope` x + `pointerShift`. */
export type Calibration = { catalogue: number; pointerSlope: number; pointerShift: number };

/** What a trained model consists of. */
export type Weights = {
  config: TrainConfig;
  calibration: Calibration;
  features: EventFeatures;
  /** Dense parameters, flat. */
  parameters: Float32Array;
  /** Item vectors of unit length, [items, dim]. */
  vectors: Float32Array;
  /** Rows of the content fields as learned, [content values, dim]; empty without content. */
  content: Float32Array;
};

export type ServingOptions = {
  form?: TableForm;
  /** `scores` are the catalogue's logits alone, without the pointer's share; for calibration. */
  catalogueOnly?: boolean;
  /** Adds the outputs top_items (int64) and top_scores, [batch, topK], best first. */
  topK?: number;
};

/**
 * Inputs: items int64 [batch, length], the session's last items, oldest first, `config.length` at most, -1 on the left
 * where it is shorter than others; types and gaps likewise where the model takes them, -1 also where they are unknown.
 * Outputs: scores [batch, items], log-probabilities of what comes next; state [batch, dim], whose inner product with an
 * item's vector, times the scale and less total [batch, 1], is that item's score but for the pointer; pointer
 * [batch, length], the logits of pointing back at each event, where the model has it.
 */
export function buildServingGraph(weights: Weights, options: ServingOptions = {}): Graph {
  const { config, features, parameters, vectors } = weights;
  const { dim } = config;
  const scale = config.scale * weights.calibration.catalogue;
  const items = vectors.length / dim;
  const form = options.form ?? "float32";
  const graph = new Graph();
  const shape = ["batch", "length"];
  const input = graph.input("items", shape, "int64");
  // One zero row stands for "no event"; the rest fills the last block.
  const rows = items + 1 + paddingRows(form, items + 1);
  const padded = new Float32Array(rows * dim);
  padded.set(vectors);
  const table = embedTable(graph, form, padded, dim);

  const real = greaterOrEqual(input, graph.constant(BigInt64Array.of(0n), [], "int64"));
  const nothing = graph.constant(BigInt64Array.of(BigInt(items)), [], "int64");
  const index = where(real, input, nothing);
  const { state, pointer } = encodeRecent(
    graph,
    {
      real,
      rows: index,
      types: features.types > 0 ? graph.input("types", shape, "int64") : null,
      gaps: features.gaps ? graph.input("gaps", shape, "int64") : null,
    },
    { config, features, parameters, embed: table.rows },
  );
  // Scaled before the product: the state is short, the catalogue is long. By a vector: a lone number would be fused into
  // the product, which then takes a way that packs the whole table anew, ten times as slow.
  const scales = graph.constant(new Float32Array(dim).fill(scale), [dim]);
  const catalogue = table.products(mul(state, scales));
  const { pointerSlope, pointerShift } = weights.calibration;
  const pointed = pointer && add(mul(pointer, pointerSlope), pointerShift);
  const { catalogueOnly = false } = options;
  const whole = pointed && !catalogueOnly ? pointBack(catalogue, pointed, index) : catalogue;
  const logits = slice(whole, 1, 0, items);
  const scores = catalogueOnly ? logits : logSoftmax(logits);
  graph.output("scores", scores);
  graph.output("total", sub(slice(logits, 1, 0, 1), slice(scores, 1, 0, 1)));
  graph.output("state", state);
  if (pointed) graph.output("pointer", pointed);
  if (options.topK) outputTop(scores, Math.min(options.topK, items));
  return graph;
}

/** Items of the session get the pointer's word instead of the catalogue's: log of the sum of e^logit over their events. */
function pointBack(scores: Value, logits: Value, index: Value): Value {
  const { graph } = scores;
  const [batch, length] = [dimOf(index, 0), dimOf(index, 1)];
  const same = equal(reshape(index, [batch, length, 1]), reshape(index, [batch, 1, length]));
  const each = reshape(logits, [batch, 1, length]);
  const pointed = logSumExp(where(same, each, graph.scalar(UNREACHABLE)));
  // An item seen twice is written twice, with the same value.
  return graph.apply("ScatterElements", [scores, index, pointed], scores, {
    attributes: { axis: { int: 1 } },
  });
}

/** Over the last axis; in one op, which needs no gradient here. */
function logSoftmax(x: Value): Value {
  return x.graph.apply("LogSoftmax", [x], x, { attributes: { axis: { int: -1 } } });
}

function outputTop(scores: Value, k: number): void {
  const { graph } = scores;
  const shape = ["batch", k];
  const [best, which] = graph.applyMany(
    "TopK",
    [scores, graph.ints([k])],
    [{ shape }, { shape, type: "int64" }],
  );
  if (!best || !which) throw new Error("TopK gives two outputs");
  graph.output("top_scores", best);
  graph.output("top_items", which);
}
