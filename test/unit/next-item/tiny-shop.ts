// Small made-up data sets for tests of next-item models.
import { Random } from "../../../models/graph/random.ts";
import type { TrainConfig } from "../../../models/next-item/config.ts";
import { completeConfig } from "../../../models/next-item/config.ts";
import type { NextItemData } from "../../../models/next-item/data/dataset.ts";

export const TINY: Partial<TrainConfig> = {
  dim: 8,
  length: 6,
  batch: 4,
  batchNegatives: 4,
  uniformNegatives: 8,
  epochs: 3,
  patience: 3,
  warmupSteps: 2,
  dropout: 0.2,
  inputDropout: 0.1,
  rowLearningRate: 0.05,
};

export function tinyConfig(part: Partial<TrainConfig> = {}): TrainConfig {
  return completeConfig({ ...TINY, ...part });
}

/** Every session walks up the items in a circle, so the next item is always known. */
export function circularShop({ items = 20, sessions = 80 } = {}): NextItemData {
  const random = new Random(3);
  return {
    items,
    sessions: Array.from({ length: sessions }, () => {
      const start = random.int(items);
      return { items: Array.from({ length: 2 + random.int(5) }, (_, i) => (start + i) % items) };
    }),
  };
}

/** The same with event types, times, and a category for every item. */
export function richShop(): NextItemData {
  const plain = circularShop();
  return {
    ...plain,
    types: 3,
    sessions: plain.sessions.map(({ items }, s) => ({
      items,
      types: items.map((item) => item % 3),
      times: items.map((_, i) => s * 1e6 + i * i * 1000),
    })),
    content: [
      {
        name: "category",
        values: 4,
        of: Int32Array.from({ length: plain.items }, (_, item) => item % 4),
      },
    ],
  };
}
