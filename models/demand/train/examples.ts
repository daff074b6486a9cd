// What a demand model learns from: every item at origins of the past, with what then sold. Nothing from `until` on is read.
import { FEATURES, readFeatures } from "../serve/features.ts";
import { HORIZON, soldFrom, soldItems } from "../data/panel.ts";
import type { Panel } from "../data/panel.ts";
import type { DemandConfig } from "../config.ts";
import type { Normalisation } from "../model.ts";

export type Examples = {
  count: number;
  /** [count, FEATURES.length] */
  features: Float32Array;
  levels: Float64Array;
  /** In levels. */
  sold: Float64Array;
};

/** Days that an origin needs before it, to know anything. */
const EARLIEST = 42;

export function collectExamples(panel: Panel, until: number, config: DemandConfig): Examples {
  const origins = Array.from(
    { length: config.origins },
    (_, back) => until - HORIZON - back * config.stride,
  ).filter((origin) => origin >= EARLIEST);
  const parts = origins.map((origin) => {
    const items = soldItems(panel, origin);
    const { features, levels } = readFeatures(panel, items, origin);
    const sold = soldFrom(panel, items, origin).map((sum, row) => sum / (levels[row] ?? 1));
    return { features, levels, sold };
  });
  const count = parts.reduce((sum, { levels }) => sum + levels.length, 0);
  const examples = {
    count,
    features: new Float32Array(count * FEATURES.length),
    levels: new Float64Array(count),
    sold: new Float64Array(count),
  };
  let at = 0;
  for (const { features, levels, sold } of parts) {
    examples.features.set(features, at * FEATURES.length);
    examples.levels.set(levels, at);
    examples.sold.set(sold, at);
    at += levels.length;
  }
  return examples;
}

/** A deviation below this is rounding, not information. */
const SMALLEST_DEVIATION = 1e-6;

export function measureNormalisation({ features, count }: Examples): Normalisation {
  const width = FEATURES.length;
  const mean = new Float32Array(width);
  const inverse = new Float32Array(width);
  for (let column = 0; column < width; column++) {
    let [sum, squares] = [0, 0];
    for (let at = column; at < features.length; at += width) {
      const x = features[at] ?? 0;
      sum += x;
      squares += x * x;
    }
    const average = sum / Math.max(1, count);
    const deviation = Math.sqrt(Math.max(0, squares / Math.max(1, count) - average * average));
    mean[column] = average;
    inverse[column] = deviation > SMALLEST_DEVIATION ? 1 / deviation : 0;
  }
  return { mean, inverse };
}
