// What earlier origins teach about a forecast, class by class: how much of the count baseline to mix in, and by how much to
// stretch the quantiles above the median so that they hold as often as they say (conformal prediction by rolling origin:
// Vovk et al., 2005; scaled residuals as in Romano et al., NeurIPS 2019).
import { QUANTILES } from "./config.ts";
import { activeDays, rowOf } from "./data/panel.ts";
import type { Panel } from "./data/panel.ts";
import { P50, P90, pinball } from "./quality.ts";
import type { SumQuantiles } from "./config.ts";

/** Forecasts of one origin that has come true. */
export type PastForecast = {
  network: SumQuantiles;
  baseline: SumQuantiles;
  sold: Float64Array;
  classes: readonly DemandClass[];
};

export type DemandClass = "rare" | "intermittent" | "steady";

/** Share of the network and stretch of what is above the median. */
export type Correction = { network: number; stretch: number };
export type Corrections = Record<DemandClass, Correction>;

const SHARES = [1, 0.85, 0.7, 0.55, 0.4, 0.25, 0] as const;
/** A correction outside of these says that the past was unlike, not that the forecast is wrong. */
const LEAST_STRETCH = 0.8;
const MOST_STRETCH = 1.6;

/** By days with a sale among the last 56. */
export function classify(panel: Panel, item: number, origin: number): DemandClass {
  const active = activeDays(rowOf(panel, item, Math.max(0, origin - 56), origin));
  if (active <= 4) return "rare";
  return active <= 16 ? "intermittent" : "steady";
}

export function learnCorrections(past: readonly PastForecast[]): Corrections {
  return {
    rare: learnClass(past, "rare"),
    intermittent: learnClass(past, "intermittent"),
    steady: learnClass(past, "steady"),
  };
}

function learnClass(past: readonly PastForecast[], wanted: DemandClass): Correction {
  const rows = past.flatMap(({ network, baseline, sold, classes }) =>
    classes.flatMap((name, row) => {
      const [own, other] = [network[row], baseline[row]];
      if (name !== wanted || own === undefined || other === undefined) return [];
      return [{ own, other, sold: sold[row] ?? 0 }];
    }),
  );
  if (rows.length === 0) return { network: 1, stretch: 1 };
  let best = { network: 1, loss: Infinity };
  for (const network of SHARES) {
    const loss = rows.reduce((sum, { own, other, sold }) => {
      const mixed = mix(own, other, network);
      return sum + pinball(0.5, mixed[P50] ?? 0, sold) + pinball(0.9, mixed[P90] ?? 0, sold);
    }, 0);
    if (loss < best.loss) best = { network, loss };
  }
  const ratios = rows.map(({ own, other, sold }) => {
    const mixed = mix(own, other, best.network);
    const median = mixed[P50] ?? 0;
    return (sold - median) / Math.max((mixed[P90] ?? 0) - median, 1e-6);
  });
  const sorted = ratios.toSorted((a, b) => a - b);
  const wantedRatio = sorted[Math.ceil(0.9 * (sorted.length + 1)) - 1] ?? 1;
  return {
    network: best.network,
    stretch: Math.min(MOST_STRETCH, Math.max(LEAST_STRETCH, wantedRatio)),
  };
}

export function correct(
  network: SumQuantiles,
  baseline: SumQuantiles,
  classes: readonly DemandClass[],
  corrections: Corrections,
): SumQuantiles {
  return network.map((own, row) => {
    const { network: share, stretch } = corrections[classes[row] ?? "steady"];
    const mixed = mix(own, baseline[row] ?? own, share);
    const median = mixed[P50] ?? 0;
    return mixed.map((value, at) => (at > P50 ? median + stretch * (value - median) : value));
  });
}

function mix(own: readonly number[], other: readonly number[], share: number): number[] {
  return QUANTILES.map((_, at) => share * (own[at] ?? 0) + (1 - share) * (other[at] ?? 0));
}
