// Quantiles of what items will sell over the horizon, in pieces.
import { encodeModel } from "../../graph/onnx.ts";
import { float32Output, floats } from "../../runtime/feeds.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { QUANTILES } from "../config.ts";
import type { SumQuantiles } from "../config.ts";
import { FEATURES, readFeatures } from "./features.ts";
import type { Panel } from "../data/panel.ts";
import type { DemandWeights } from "../model.ts";
import { buildDemandGraph } from "./serving-graph.ts";

export async function forecastSums(
  weights: DemandWeights,
  panel: Panel,
  items: readonly number[],
  origin: number,
  runtime: Runtime,
): Promise<SumQuantiles> {
  const { features, levels } = readFeatures(panel, items, origin);
  const session = await runtime.load(encodeModel(buildDemandGraph(weights)));
  const results = await session.run({
    features: floats(features, [items.length, FEATURES.length]),
  });
  const ratios = float32Output(results, "quantiles");
  await session.release();
  const count = QUANTILES.length;
  return Array.from(levels, (level, row) =>
    Array.from(ratios.subarray(row * count, (row + 1) * count), (ratio) => ratio * level),
  );
}
