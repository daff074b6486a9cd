// The encoder as it serves: over no more places than the longest session of the batch fills. Most sessions are short
// and the work grows with the places, so the graph holds the encoder at several lengths and runs one of them.
import { Graph } from "../graph/graph.ts";
import { sub } from "../graph/ops/arithmetic.ts";
import { reshape, slice } from "../graph/ops/layout.ts";
import { cast, greaterOrEqual } from "../graph/ops/select.ts";
import { bindParameters } from "../graph/optimise/parameters.ts";
import type { Bound } from "../graph/optimise/parameters.ts";
import type { Value } from "../graph/value.ts";
import type { TrainConfig } from "./config.ts";
import type { EventFeatures } from "./features.ts";
import { encodeEvents, KEEP_ALL, modelParameters } from "./model.ts";
import { UNREACHABLE } from "./pointer.ts";

/** Each int64 [batch, length], right-aligned. */
export type RecentEvents = {
  /** Item indices, -1 on the left where there is no event. */
  items: Value;
  /** Rows of the item table, also where there is no event. */
  rows: Value;
  types: Value | null;
  gaps: Value | null;
};

export type RecentEncoder = {
  config: TrainConfig;
  features: EventFeatures;
  /** Dense parameters, flat. */
  parameters: Float32Array;
  /** Vectors at int64 rows [...]: float32 [..., dim], in the graph of the rows. */
  embed: (rows: Value) => Value;
};

/** Below this many places the encoder costs little beside the scores. */
const SHORTEST = 5;

/** What stands at the last event: the unit state [batch, dim], and the logits of pointing back [batch, length]. */
export function encodeRecent(
  graph: Graph,
  events: RecentEvents,
  encoder: RecentEncoder,
): { state: Value; pointer: Value | null } {
  const { config, features, parameters } = encoder;
  const flat = graph.constant(parameters, [parameters.length]);
  const { bound } = bindParameters(flat, modelParameters(config, features));
  const longest = countLongest(graph, events.items);

  function encodeWithin(graph: Graph, lengths: readonly number[]): Value[] {
    const [length = config.length, ...longer] = lengths;
    if (longer.length === 0) return encodeTail(graph, length, events, encoder, bound);
    const limit = graph.constant(BigInt64Array.of(BigInt(length)), [], "int64");
    const fits = graph.apply("LessOrEqual", [longest, limit], { shape: [], type: "bool" });
    const outputs = [{ shape: ["batch", config.dim] }, { shape: ["batch", config.length] }];
    return graph.applyMany("If", [fits], config.pointer ? outputs : outputs.slice(0, 1), {
      attributes: { then_branch: makeBranch([length]), else_branch: makeBranch(longer) },
    });
  }

  function makeBranch(lengths: readonly number[]): { graph: Graph } {
    const body = new Graph();
    const encoded = encodeWithin(body, lengths);
    encoded.forEach((value, i) => body.output(`encoded_${lengths.join("_")}_${i}`, value));
    return { graph: body };
  }

  const [state, pointer] = encodeWithin(graph, listLengths(config.length));
  if (!state) throw new Error("the encoder gives a state");
  return { state, pointer: pointer ?? null };
}

/** Halves of halves, shortest first: [5, 10, 20, 40]. */
function listLengths(length: number): number[] {
  const half = Math.ceil(length / 2);
  return half < SHORTEST || half === length ? [length] : [...listLengths(half), length];
}

/** Events of the longest session: int64 scalar. */
function countLongest(graph: Graph, items: Value): Value {
  const real = cast(isReal(graph, items), "int64");
  const keepNoAxis = { attributes: { keepdims: { int: 0 } } };
  const counts = graph.apply(
    "ReduceSum",
    [real, graph.ints([1])],
    { shape: ["batch"], type: "int64" },
    keepNoAxis,
  );
  return graph.apply("ReduceMax", [counts], { shape: [], type: "int64" }, keepNoAxis);
}

/** The encoder over the last `length` places. Everything is built in `graph`, which may be a branch. */
function encodeTail(
  graph: Graph,
  length: number,
  events: RecentEvents,
  { config, embed }: RecentEncoder,
  bound: Bound,
): Value[] {
  const bounds = [config.length - length, config.length, 1].map((x) => graph.ints([x]));
  const tail = (all: Value) =>
    graph.apply("Slice", [all, ...bounds], { shape: ["batch", length], type: all.type });
  const real = isReal(graph, tail(events.items));
  const { states, pointer } = encodeEvents(
    {
      vectors: embed(tail(events.rows)),
      slots: {
        batch: "batch",
        length,
        segment: cast(sub(cast(real, "float32"), 1), "int32"),
        position: countUp(real),
      },
      types: events.types && tail(events.types),
      gaps: events.gaps && tail(events.gaps),
    },
    // Ops build where their first operand stands, so the parameters have to come into the branch.
    (name) => graph.apply("Identity", [bound(name)], bound(name)),
    KEEP_ALL,
    { ...config, length },
  );
  const last = (x: Value, width: number) =>
    reshape(slice(x, 1, length - 1, length), ["batch", width]);
  const state = last(states, config.dim);
  if (!pointer) return [state];
  const widths = graph.ints([0, config.length - length, 0, 0]);
  const padded = graph.apply("Pad", [last(pointer, length), widths, graph.scalar(UNREACHABLE)], {
    shape: ["batch", config.length],
  });
  return [state, padded];
}

function isReal(graph: Graph, items: Value): Value {
  const zero = graph.constant(BigInt64Array.of(0n), [], "int64");
  return greaterOrEqual(graph.apply("Identity", [items], items), zero);
}

/** Places of the real events, from 0: int64. */
function countUp(real: Value): Value {
  const { graph, shape } = real;
  const axis = graph.constant(BigInt64Array.of(1n), [], "int64");
  const counted = graph.apply("CumSum", [cast(real, "int64"), axis], { shape, type: "int64" });
  const one = graph.constant(BigInt64Array.of(1n), [], "int64");
  const zero = graph.constant(BigInt64Array.of(0n), [], "int64");
  const place = graph.apply("Sub", [counted, one], { shape, type: "int64" });
  return graph.apply("Max", [place, zero], { shape, type: "int64" });
}
