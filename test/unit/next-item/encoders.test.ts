// The contract that all encoders keep: no look into the future or into a neighbour's session, states that move with
// the history, gradients that are right, and the same states when serving.
import { describe, expect, it } from "vitest";
import { Graph } from "../../../models/graph/graph.ts";
import { encodeModel } from "../../../models/graph/onnx.ts";
import { bindParameters, countParameters } from "../../../models/optimise/parameters.ts";
import { Random } from "../../../models/graph/random.ts";
import { ENCODER_NAMES } from "../../../models/next-item/config.ts";
import {
  encodeEvents,
  KEEP_ALL,
  modelParameters,
} from "../../../models/next-item/network/model.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import { createWebRuntime } from "../../../models/runtime/web.ts";
import type { Runtime } from "../../../models/runtime/runtime.ts";
import { floats } from "../graph/finite-differences.ts";
import { tinyConfig } from "./tiny-shop.ts";

const FEATURES = { types: 0, gaps: false };
const LENGTH = 6;
const DIM = 8;
/** Slots 0-2 and 3-4 hold two sessions, slot 5 is empty. */
const SEGMENT = [0, 0, 0, 1, 1, -1];
const POSITION = [0, 1, 2, 0, 1, 0];

/** States [LENGTH][DIM] for item vectors [LENGTH * DIM] in one row. */
async function loadEncoder(runtime: Runtime, encoder: (typeof ENCODER_NAMES)[number]) {
  const config = tinyConfig({ encoder, layers: 2 });
  const graph = new Graph();
  const shape = [1, LENGTH];
  const parameters = modelParameters(config, FEATURES);
  // Random values everywhere, so that no zero bias hides a leak.
  const random = new Random(5);
  const flat = Float32Array.from(
    { length: countParameters(parameters) },
    () => random.normal() * 0.5,
  );
  const { bound } = bindParameters(graph.constant(flat, [flat.length]), parameters);
  const events = {
    vectors: graph.input("vectors", [...shape, DIM]),
    slots: {
      batch: 1,
      length: LENGTH,
      segment: graph.input("segment", shape, "int32"),
      position: graph.input("position", shape, "int64"),
    },
    types: null,
    gaps: null,
  };
  graph.output("states", encodeEvents(events, bound, KEEP_ALL, config).states);
  const session = await runtime.load(encodeModel(graph));
  return async (vectors: Float32Array) => {
    const feeds = {
      vectors: { type: "float32", data: vectors, dims: [...shape, DIM] },
      segment: { type: "int32", data: Int32Array.from(SEGMENT), dims: shape },
      position: { type: "int64", data: BigInt64Array.from(POSITION, BigInt), dims: shape },
    } as const;
    const used = Object.entries(feeds).filter(([name]) => session.inputs.includes(name));
    const states = floats(await session.run(Object.fromEntries(used)), "states");
    return Array.from({ length: LENGTH }, (_, t) => states.slice(t * DIM, (t + 1) * DIM));
  };
}

function distance(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (!a || !b) throw new Error("a state is missing");
  return Math.max(...a.map((x, d) => Math.abs(x - (b[d] ?? NaN))));
}

const CASES = [createNodeRuntime({ threads: 1 }), createWebRuntime()].flatMap((runtime) =>
  ENCODER_NAMES.map((name) => ({ name, runtime, at: `${name} in onnxruntime-${runtime.name}` })),
);

describe.each(CASES)("the encoder $at", ({ name, runtime }) => {
  it("lets an event touch later states of its own session and nothing else", async () => {
    const encode = await loadEncoder(runtime, name);
    const random = new Random(6);
    const vectors = Float32Array.from({ length: LENGTH * DIM }, () => random.normal());
    const before = await encode(vectors);
    for (let changed = 0; changed < LENGTH; changed++) {
      const other = vectors.slice();
      for (let d = 0; d < DIM; d++) other[changed * DIM + d] = random.normal();
      const after = await encode(other);
      for (let t = 0; t < LENGTH; t++) {
        const reaches = SEGMENT[t] === SEGMENT[changed] && t >= changed;
        const moved = distance(after[t], before[t]);
        const what = `event ${changed} and state ${t}`;
        if (reaches) expect(moved, what).toBeGreaterThan(1e-4);
        else expect(moved, what).toBeLessThan(1e-6);
      }
    }
  });

  it("gives states of unit length", async () => {
    const encode = await loadEncoder(runtime, name);
    const random = new Random(8);
    const states = await encode(Float32Array.from({ length: LENGTH * DIM }, () => random.normal()));
    for (const state of states) {
      expect(Math.hypot(...state)).toBeCloseTo(1, 4);
    }
  });
});
