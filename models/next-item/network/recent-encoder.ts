// The encoder as it serves: over as many slots as the longest session of the batch fills, since most are short.
import type { Graph, Value } from "../../graph/graph.ts";
import { sub } from "../../graph/ops/arithmetic.ts";
import { last } from "../../graph/ops/layout.ts";
import { cast } from "../../graph/ops/select.ts";
import { holdParameters } from "../../optimise/parameters.ts";
import { dimOf } from "../../graph/shape.ts";
import type { TrainConfig } from "../config.ts";
import type { EventFeatures } from "../data/features.ts";
import { encodeEvents, KEEP_ALL, modelParameters } from "./model.ts";

/** Each [batch, length], right-aligned, of whatever size. */
export type RecentEvents = {
  /** Where there is an event: bool. */
  real: Value;
  /** Rows of the item table, also where there is no event; int64, as those below. */
  rows: Value;
  types: Value | null;
  gaps: Value | null;
};

export type RecentEncoder = {
  config: TrainConfig;
  features: EventFeatures;
  /** Dense parameters, flat. */
  parameters: Float32Array;
  /** Vectors at int64 rows [...]: float32 [..., dim]. */
  embed: (rows: Value) => Value;
};

/** What stands at the last event: the unit state [batch, dim], and the logits of pointing back [batch, length]. */
export function encodeRecent(
  graph: Graph,
  { real, rows, types, gaps }: RecentEvents,
  { config, features, parameters, embed }: RecentEncoder,
): { state: Value; pointer: Value | null } {
  const { states, pointer } = encodeEvents(
    {
      vectors: embed(rows),
      slots: {
        batch: dimOf(rows, 0),
        length: dimOf(rows, 1),
        segment: cast(sub(cast(real, "float32"), 1), "int32"),
        position: countUp(real),
      },
      types,
      gaps,
    },
    holdParameters(graph, parameters, modelParameters(config, features)),
    KEEP_ALL,
    config,
  );
  return { state: last(states, 1), pointer: pointer && last(pointer, 1) };
}

/** Slots of the real events, from 0: int64. */
function countUp(real: Value): Value {
  const { graph, shape } = real;
  const axis = graph.constant(BigInt64Array.of(1n), [], "int64");
  const counted = graph.apply("CumSum", [cast(real, "int64"), axis], { shape, type: "int64" });
  const one = graph.constant(BigInt64Array.of(1n), [], "int64");
  const zero = graph.constant(BigInt64Array.of(0n), [], "int64");
  const index = graph.apply("Sub", [counted, one], { shape, type: "int64" });
  return graph.apply("Max", [index, zero], { shape, type: "int64" });
}
