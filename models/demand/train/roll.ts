// One origin after another: train on what was known, forecast, wait for what happened, and let the next ones learn from it.
import { classify, correct, learnCorrections } from "../calibrate.ts";
import type { Corrections, PastForecast } from "../calibrate.ts";
import { BASELINES } from "../baselines/forecasts.ts";
import type { DemandConfig } from "../config.ts";
import { soldFrom, soldItems } from "../data/panel.ts";
import type { Panel } from "../data/panel.ts";
import type { DemandWeights } from "../model.ts";
import { forecastSums } from "../serve/forecaster.ts";
import type { SumQuantiles } from "../config.ts";
import { collectExamples } from "./examples.ts";
import { trainDemand } from "./train-demand.ts";
import type { Runtime } from "../../runtime/runtime.ts";

export type OriginForecasts = {
  origin: number;
  items: readonly number[];
  sold: Float64Array;
  corrections: Corrections;
  weights: DemandWeights;
  /** By model. */
  forecasts: Map<string, SumQuantiles>;
};

/** Newest origins of the past that corrections are learned from. */
export const CALIBRATED_BY = 3;
/** The baseline that the network is mixed with. */
const PARTNER = "tsb-nb";

/** @param origins ascending, a horizon apart, so that each has come true before the next */
export async function* rollOrigins(
  panel: Panel,
  origins: readonly number[],
  config: DemandConfig,
  runtime: Runtime,
): AsyncGenerator<OriginForecasts> {
  const past: PastForecast[] = [];
  for (const origin of origins) {
    const items = soldItems(panel, origin);
    const sold = soldFrom(panel, items, origin);
    const classes = items.map((item) => classify(panel, item, origin));
    const forecasts = new Map(
      Object.entries(BASELINES).map(([name, forecast]) => [name, forecast(panel, items, origin)]),
    );
    const weights = await trainDemand(collectExamples(panel, origin, config), config, runtime);
    const network = await forecastSums(weights, panel, items, origin, runtime);
    const baseline = forecasts.get(PARTNER) ?? network;
    const corrections = learnCorrections(past.slice(-CALIBRATED_BY));
    forecasts.set("network", network);
    forecasts.set("demand", correct(network, baseline, classes, corrections));
    yield { origin, items, sold, corrections, weights, forecasts };
    past.push({ network, baseline, sold, classes });
  }
}
