// All figures of one model on the next-item task.
import { intervalOf, resampleMeans } from "./bootstrap.ts";
import type { Interval } from "./bootstrap.ts";
import { measureExposure } from "./exposure.ts";
import type { Exposure } from "./exposure.ts";
import type { Example, Judgement } from "./judge.ts";
import { gainsOf, meanPercent, METRICS } from "./metrics.ts";
import { sliceByLength, sliceByNovelty } from "./slices.ts";
import type { Slice } from "./slices.ts";

export type Figure = { value: number; interval: Interval };

export type Summary = {
  name: string;
  /** By metric name ("hr@20"), in percent. */
  figures: Map<string, Figure>;
  exposure: Exposure;
  /** HR@20 and MRR@20 by novelty of the answer, then by length of the context. */
  slices: { hr: Slice[]; mrr: Slice[] };
  /** ms from context to ranked list, on average. */
  msPerExample: number;
};

/** @param clicks of each item in train; shape [items] */
export function summarise(
  judgement: Judgement,
  examples: readonly Example[],
  clicks: Int32Array,
  seed: number,
): Summary {
  const { ranks } = judgement;
  const columns = METRICS.map(({ kind, cutoff }) => gainsOf(ranks, kind, cutoff));
  const groups = examples.map((example) => example.group);
  const resampled = resampleMeans(columns, groups, { seed });
  const figures = METRICS.map(({ name }, index): [string, Figure] => {
    const { low, high } = intervalOf(resampled[index] ?? new Float64Array(0));
    const value = meanPercent(columns[index] ?? new Float64Array(0));
    return [name, { value, interval: { low: 100 * low, high: 100 * high } }];
  });
  const sliceAll = (kind: "hr" | "mrr") =>
    [sliceByNovelty, sliceByLength].flatMap((slice) => slice(examples, ranks, kind, 20));
  return {
    name: judgement.name,
    figures: new Map(figures),
    exposure: measureExposure(
      judgement.lists,
      examples.map((example) => example.target),
      clicks,
    ),
    slices: {
      hr: sliceAll("hr"),
      mrr: sliceAll("mrr"),
    },
    msPerExample: (1000 * judgement.seconds) / examples.length,
  };
}
