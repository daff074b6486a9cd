// The whole ranking step (shared layers, list loss, label losses) against finite differences along random directions.
import { expect, it } from "vitest";
import { encodeModel } from "../../../models/graph/onnx.ts";
import { countParameters } from "../../../models/optimise/parameters.ts";
import { Random } from "../../../models/graph/random.ts";
import { completeRankingConfig } from "../../../models/ranking/config.ts";
import { rankingParameters } from "../../../models/ranking/model.ts";
import type { ModelShape } from "../../../models/ranking/model.ts";
import { buildStepFeeds } from "../../../models/ranking/train/step-feeds.ts";
import { buildRankingStep } from "../../../models/ranking/train/step-graph.ts";
import type { RankedList } from "../../../models/ranking/train/training-set.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import type { Runtime } from "../../../models/runtime/runtime.ts";
import { createWebRuntime } from "../../../models/runtime/web.ts";
import { floats } from "../graph/finite-differences.ts";

const CONFIG = completeRankingConfig({ hidden: [6, 4], listLength: 5, batch: 3 });
const SHAPE: ModelShape = { width: 7, hidden: CONFIG.hidden, tasks: ["click", "cart", "purchase"] };
const STEP = 4e-3;
const DIRECTIONS = 6;

/** Two lists of room for three, one of them short: empty entries must not count. */
function makeLists(random: Random): RankedList[] {
  return [5, 3].map((count, group) => ({
    group,
    count,
    features: Float32Array.from({ length: count * SHAPE.width }, () => random.normal()),
    clicked: 1,
    labels: {
      cart: Uint8Array.from({ length: count }, () => random.int(2)),
      purchase: Uint8Array.from({ length: count }, () => random.int(2)),
    },
    weight: Float32Array.from({ length: count }, () => 1 + random.int(3)),
  }));
}

it.each<[string, () => Runtime]>([
  ["native", createNodeRuntime],
  ["WASM", createWebRuntime],
])("has the gradient that finite differences give, %s", async (_, createRuntime) => {
  const random = new Random(21);
  const normalisation = {
    mean: Float32Array.from({ length: SHAPE.width }, () => random.normal()),
    inverse: Float32Array.from({ length: SHAPE.width }, () => 0.5 + random.uniform()),
  };
  const graph = buildRankingStep(CONFIG, SHAPE, normalisation);
  const session = await createRuntime().load(encodeModel(graph));
  const feeds = buildStepFeeds(makeLists(random), CONFIG, SHAPE);
  const count = countParameters(rankingParameters(SHAPE));
  const start = Float32Array.from({ length: count }, () => 0.4 * random.normal());
  const run = (data: Float32Array) =>
    session.run({ ...feeds, parameters: { type: "float32", data, dims: [count] } });
  const lossAt = async (data: Float32Array) => floats(await run(data), "loss")[0] ?? NaN;

  const gradient = floats(await run(start), "d_parameters");
  for (let direction = 0; direction < DIRECTIONS; direction++) {
    const step = Float32Array.from(start, () => random.normal());
    const ahead = await lossAt(start.map((x, i) => x + STEP * (step[i] ?? 0)));
    const behind = await lossAt(start.map((x, i) => x - STEP * (step[i] ?? 0)));
    const slope = gradient.reduce((sum, g, i) => sum + g * (step[i] ?? 0), 0);
    expect((ahead - behind) / (2 * STEP)).toBeCloseTo(slope, 2);
    expect(Math.abs(slope)).toBeGreaterThan(1e-3);
  }
  await session.release();
});
