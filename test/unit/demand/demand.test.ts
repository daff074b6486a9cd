import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countQuantiles } from "../../../models/demand/baselines/negative-binomial.ts";
import { tsbRate } from "../../../models/demand/baselines/tsb.ts";
import { correct, learnCorrections } from "../../../models/demand/calibrate.ts";
import { completeDemandConfig, QUANTILES } from "../../../models/demand/config.ts";
import { FEATURES, readFeatures } from "../../../models/demand/serve/features.ts";
import type { Panel } from "../../../models/demand/data/panel.ts";
import { judgeSums, P90 } from "../../../models/demand/quality.ts";
import { forecastSums } from "../../../models/demand/serve/forecaster.ts";
import { samplePaths } from "../../../models/demand/serve/sample-paths.ts";
import { collectExamples } from "../../../models/demand/train/examples.ts";
import { trainDemand } from "../../../models/demand/train/train-demand.ts";
import { Random } from "../../../models/graph/random.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";

const ITEMS = 60;
const DAYS = 200;

function randomPanel(seed: number): Panel {
  const random = new Random(seed);
  return {
    items: Array.from({ length: ITEMS }, (_, item) => `item${item}`),
    firstDay: 15_000,
    days: DAYS,
    units: Float32Array.from({ length: ITEMS * DAYS }, (_, at) =>
      random.int(10) < 1 + (Math.floor(at / DAYS) % 7) ? random.int(9) : 0,
    ),
    prices: new Float32Array(ITEMS).fill(3),
  };
}

describe("the demand model", () => {
  it("reads nothing of the origin or later", () => {
    const panel = randomPanel(1);
    const items = [...panel.items.keys()];
    const before = readFeatures(panel, items, 150);
    const changed = { ...panel, units: panel.units.map((x, at) => (at % DAYS >= 150 ? 99 : x)) };
    expect(readFeatures(changed, items, 150)).toEqual(before);
    expect(before.features.length).toBe(ITEMS * FEATURES.length);
    expect(before.features.every(Number.isFinite)).toBe(true);
  });

  it("gives quantiles that do not cross, and better ones than nothing learned", async () => {
    const panel = randomPanel(2);
    const runtime = createNodeRuntime({ threads: 1 });
    const config = completeDemandConfig({ batch: 32, members: 1, stride: 14 });
    const items = [...panel.items.keys()];
    const examples = collectExamples(panel, 172, config);
    const sold = Float64Array.from(items, (item) =>
      panel.units.subarray(item * DAYS + 172, (item + 1) * DAYS).reduce((a, b) => a + b, 0),
    );
    const judged = [];
    for (const learningRate of [1e-9, 3e-3]) {
      const weights = await trainDemand(examples, { ...config, learningRate }, runtime);
      const sums = await forecastSums(weights, panel, items, 172, runtime);
      for (const row of sums) expect(row).toEqual(row.toSorted((a, b) => a - b));
      judged.push(judgeSums(sums, sold));
    }
    expect(judged[1]?.p50).toBeLessThan(judged[0]?.p50 ?? 0);
  });

  it("draws paths whose sums have the quantiles of the forecast", () => {
    const quantiles = QUANTILES.map((quantile) => quantile * 100);
    const paths = samplePaths(quantiles, [1, 2, 0, 1], 0.5, 1000, new Random(3));
    const sums = paths.map((path) => path.reduce((a, b) => a + b, 0)).toSorted((a, b) => a - b);
    for (const quantile of [0.1, 0.5, 0.9]) {
      expect(Math.abs((sums[quantile * 1000] ?? 0) - quantile * 100)).toBeLessThanOrEqual(1);
    }
    expect(paths.every((path) => path[2] === 0)).toBe(true);
  });
});

describe("corrections", () => {
  it("stretch a P90 that was too low until it covers what was seen", () => {
    const random = new Random(4);
    const sold = Float64Array.from({ length: 500 }, () => 100 + 20 * random.normal());
    const network = Array.from(sold, () => QUANTILES.map((quantile) => 75 + 50 * quantile));
    const classes = Array.from(sold, () => "steady" as const);
    const corrections = learnCorrections([{ network, baseline: network, sold, classes }]);
    const corrected = correct(network, network, classes, corrections);
    expect(judgeSums(network, sold).cover90).toBeLessThan(0.88);
    expect(judgeSums(corrected, sold).cover90).toBeGreaterThanOrEqual(0.9);
    expect(corrected[0]?.[P90]).toBeLessThan(140);
  });
});

describe("count baselines", () => {
  it("have the quantiles of a Poisson where variance is mean", () => {
    // P(X <= 13) = .8645, P(X <= 14) = .9165 and P(X <= 9) = .4579, P(X <= 10) = .5830 for mean 10.
    expect(countQuantiles(10, 10, [0.5, 0.9])).toEqual([10, 14]);
  });

  it("never fall as the quantile rises", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 5000, noNaN: true }),
        fc.double({ min: 1.01, max: 50, noNaN: true }),
        (mean, factor) => {
          const counts = countQuantiles(mean, mean * factor, QUANTILES);
          expect(counts).toEqual(counts.toSorted((a, b) => a - b));
        },
      ),
    );
  });

  it("forget an item that nobody buys any more", () => {
    const sold = Float32Array.from({ length: 300 }, (_, day) => (day < 200 ? 4 : 0));
    expect(tsbRate(sold.subarray(0, 200))).toBeGreaterThan(3.5);
    expect(tsbRate(sold)).toBeLessThan(0.1);
  });
});
