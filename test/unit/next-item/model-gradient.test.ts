// The whole training step (model, pointer, loss) against finite differences along random directions, for each encoder.
import { describe, expect, it } from "vitest";
import { encodeModel } from "../../../models/graph/onnx.ts";
import { countParameters } from "../../../models/optimise/parameters.ts";
import { Random } from "../../../models/graph/random.ts";
import { ENCODER_NAMES } from "../../../models/next-item/config.ts";
import type { EncoderName } from "../../../models/next-item/config.ts";
import { modelParameters } from "../../../models/next-item/network/model.ts";
import { packSessions, takeRows } from "../../../models/next-item/data/packing.ts";
import {
  createDrawBuffers,
  createVectorBuffers,
  drawFeeds,
  stateFeeds,
} from "../../../models/next-item/train/step-feeds.ts";
import { buildStepGraph } from "../../../models/next-item/train/step-graph.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import { createWebRuntime } from "../../../models/runtime/web.ts";
import type { Runtime, Tensor } from "../../../models/runtime/runtime.ts";
import { floats } from "../graph/finite-differences.ts";
import { richShop, tinyConfig } from "./tiny-shop.ts";

const FEATURES = { types: 4, gaps: true };
/** Inputs of the step that have a gradient, and the output that holds it. */
const LEAVES = [
  ["parameters", "d_parameters"],
  ["item_vectors", "d_item_vectors"],
  ["target_vectors", "d_target_vectors"],
  ["negative_vectors", "d_negative_vectors"],
] as const;
const DIRECTIONS = 4;
const STEP = 4e-3;

async function prepare(runtime: Runtime, encoder: EncoderName, pointer: boolean) {
  const config = tinyConfig({ encoder, layers: 2, pointer });
  const { graph, masks } = buildStepGraph(config, FEATURES);
  const session = await runtime.load(encodeModel(graph));
  const random = new Random(11);
  const normal = (length: number, deviation = 1) =>
    Float32Array.from({ length }, () => random.normal() * deviation);

  const { sessions } = richShop();
  const packed = packSessions(sessions, config.length);
  const rows = takeRows(
    packed,
    Int32Array.from({ length: config.batch }, (_, i) => i),
  );
  const buffers = createDrawBuffers(config);
  const vectors = createVectorBuffers(config);
  for (const buffer of [buffers.negativeBias, ...Object.values(vectors)]) {
    buffer.set(normal(buffer.length));
  }
  const count = countParameters(modelParameters(config, FEATURES));
  const feeds = {
    ...stateFeeds(config, normal(count, 0.3), vectors),
    ...drawFeeds(config, rows, buffers, masks, random),
  };
  for (const name of Object.keys(feeds)) if (!session.inputs.includes(name)) delete feeds[name];
  return { session, feeds, random };
}

const CASES = [createNodeRuntime({ threads: 1 }), createWebRuntime()].flatMap((runtime) =>
  ENCODER_NAMES.flatMap((encoder) =>
    [true, false].map((pointer) => ({ runtime, encoder, pointer, where: runtime.name })),
  ),
);

describe("the gradient of a whole training step", () => {
  it.each(CASES)(
    "of $encoder in onnxruntime-$where, pointer $pointer",
    async ({ runtime, encoder, pointer }) => {
      const { session, feeds, random } = await prepare(runtime, encoder, pointer);
      const analytic = await session.run(feeds);
      const lossAt = async (name: string, base: Tensor, direction: Float32Array, by: number) => {
        if (base.type !== "float32") throw new Error(`${name} is no float32 input`);
        const data = base.data.map((x, i) => x + by * (direction[i] ?? 0));
        return floats(await session.run({ ...feeds, [name]: { ...base, data } }), "loss")[0] ?? NaN;
      };
      for (const [input, output] of LEAVES) {
        const base = feeds[input];
        if (!base) throw new Error(`the step has no input ${input}`);
        const gradient = floats(analytic, output);
        const length = Math.hypot(...gradient);
        expect(length).toBeGreaterThan(0);
        for (let i = 0; i < DIRECTIONS; i++) {
          // Half along the gradient, half at random: the slope is then large enough to measure in float32.
          const noise = Float32Array.from(
            gradient,
            () => random.normal() / Math.sqrt(gradient.length),
          );
          const direction = noise.map((x, j) => 0.5 * x + (0.5 * (gradient[j] ?? 0)) / length);
          const slope = direction.reduce((sum, x, j) => sum + x * (gradient[j] ?? 0), 0);
          const up = await lossAt(input, base, direction, STEP);
          const down = await lossAt(input, base, direction, -STEP);
          const error = Math.abs((up - down) / (2 * STEP) - slope);
          expect(error / Math.abs(slope), `${input}, direction ${i}`).toBeLessThan(0.02);
        }
      }
      await session.release();
    },
  );
});
